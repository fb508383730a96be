/// Files that wait to become segments, and files that have been and are being given back.
///
/// A cut segment is kept to be used again, its blocks written already, as long as few files are ready. By the time that
/// it is cut, a new file has been prepared in place of the one that was begun meanwhile, so one more is kept than that.
/// What is beyond is made smaller in steps before it is removed: to free 64 MiB at once stops the file system for 10 ms
/// and more.
struct Spares {
    struct Spare {
        let name: String
        let file: DiskFile
        let capacity: UInt64
        /// May have been a segment: what it contains is not all zero.
        let isUsed: Bool
        /// It was a segment to its end: its blocks have been written, but for what a large entry did not fit into.
        let isWritten: Bool
    }

    private struct Doomed {
        let name: String
        /// Nil if it has not been opened yet.
        var file: DiskFile?
        var size: UInt64
    }

    private static let shrinkStep: UInt64 = 8 << 20

    private let disk: any Disk
    private let settings: FileSettings
    private(set) var ready: [Spare] = []
    private var doomed: [Doomed] = []
    /// What a segment is called from now on that is not needed any more, if there was no space to make that durable.
    private var nextName: String?
    /// What was a segment and is called a spare, but has not been opened yet.
    private var taken: String?

    /// Takes over files that an earlier run has left.
    init(
        usable: [String],
        doomed: [String] = [],
        on disk: any Disk,
        _ settings: FileSettings
    ) throws(DiskError) {
        self.disk = disk
        self.settings = settings
        for name in usable { try sort(name, isWritten: false) }
        self.doomed += doomed.map { Doomed(name: $0, file: nil, size: 0) }
    }

    init(_ inheritance: Inheritance, on disk: any Disk, _ settings: FileSettings) throws(DiskError) {
        try self.init(usable: inheritance.usable, doomed: inheritance.doomed, on: disk, settings)
    }

    /// Space for a segment of this size, made now if none is prepared. Stays among the spares until it is removed.
    mutating func first(of capacity: UInt64) throws(DiskError) -> Spare {
        if let spare = ready.first(where: { $0.capacity == capacity }) { return spare }
        return try make(capacity)
    }

    mutating func removeFirst(_ spare: Spare) {
        guard let index = ready.firstIndex(where: { $0.name == spare.name }) else {
            preconditionFailure("it stays among the spares until it is removed")
        }
        ready.remove(at: index)
    }

    /// Makes spares until there are so many of the usual size.
    mutating func prepare(_ count: Int) throws(DiskError) {
        while prepared < count { try prepareOne() }
    }

    /// So many files are ready at most.
    private var mostReady: Int { settings.spares + (disk.freeSpace < settings.littleSpace ? 0 : 1) }

    /// Gives back what is ready only to be used again, as space has become short. False if there is no such file.
    mutating func giveBackExtra() -> Bool {
        guard prepared > settings.spares,
            // Not the first, which may be about to be begun.
            let index = ready.lastIndex(where: { $0.capacity == settings.segmentSize })
        else { return false }
        let spare = ready.remove(at: index)
        doomed.append(Doomed(name: spare.name, file: spare.file, size: spare.capacity))
        return true
    }

    /// How many there are of the usual size.
    var prepared: Int { ready.count { $0.capacity == settings.segmentSize } }

    private mutating func prepareOne() throws(DiskError) {
        do throws(DiskError) {
            _ = try make(settings.segmentSize)
        } catch {
            guard error.kind == .noSpace, !doomed.isEmpty else { throw error }
            while try shrinkOne() {}
            _ = try make(settings.segmentSize)
        }
    }

    /// Turns a segment that is not needed any more into a spare, which `sortTaken` opens. Without space for that, this
    /// is what is to be done next with any segment.
    mutating func take(_ segment: String) throws(DiskError) {
        try sortTaken()
        let name: String
        if let nextName { name = nextName } else { name = try SegmentName.newSpare(on: disk).text }
        nextName = name
        try disk.renameDurably(segment, to: name)
        nextName = nil
        taken = name
    }

    /// Says what a segment that was taken last is good for now. A step of its own: it has its new name even if there
    /// are too many open files to open it.
    mutating func sortTaken() throws(DiskError) {
        guard let name = taken else { return }
        try sort(name, isWritten: true)
        taken = nil
    }

    /// Files whose space is to be given back.
    var doomedCount: Int { doomed.count }

    /// Gives back some space that will not be used again. False if there is none left.
    mutating func shrinkOne() throws(DiskError) -> Bool {
        guard let last = doomed.last else { return false }
        if last.size > Self.shrinkStep {
            if let file = last.file { try disk.shrink(file, to: last.size - Self.shrinkStep) }
            doomed[doomed.count - 1].size -= Self.shrinkStep
        } else {
            try disk.remove(last.name)
            if let file = last.file { disk.close(file) }
            doomed.removeLast()
        }
        return true
    }

    mutating func close() {
        for spare in ready { disk.close(spare.file) }
        for case let file? in doomed.map(\.file) { disk.close(file) }
        ready = []
        doomed = []
    }

    private mutating func sort(_ name: String, isWritten: Bool) throws(DiskError) {
        let file = try disk.open(name)
        let size: UInt64
        do throws(DiskError) {
            size = try disk.size(of: file)
        } catch {
            disk.close(file)
            throw error
        }
        if size == settings.segmentSize && ready.count < mostReady {
            ready.append(Spare(name: name, file: file, capacity: size, isUsed: true, isWritten: isWritten))
        } else {
            doomed.append(Doomed(name: name, file: file, size: size))
        }
    }

    private mutating func make(_ capacity: UInt64) throws(DiskError) -> Spare {
        let name = try SegmentName.newSpare(on: disk).text
        let file = try disk.create(name)
        do throws(DiskError) {
            try disk.reserve(file, size: capacity)
            // What `renameDurably` builds on.
            try disk.syncDirectory()
            // What the next run goes by (`Inheritance`).
            try SegmentHeader(number: 0, stamp: disk.stamp(), capacity: capacity).write(to: file, on: disk)
        } catch {
            giveBack(name, file)
            throw error
        }
        let spare = Spare(name: name, file: file, capacity: capacity, isUsed: false, isWritten: false)
        ready.append(spare)
        return spare
    }

    /// At once if possible, as space is short.
    private mutating func giveBack(_ name: String, _ file: DiskFile) {
        do throws(DiskError) {
            try disk.remove(name)
            disk.close(file)
        } catch {
            doomed.append(Doomed(name: name, file: file, size: 0))
        }
    }
}
