/// Files that wait to become segments, and files that have been and are being given back.
///
/// A cut segment is kept to be used again, its blocks written already, as long as there are few of those. What is
/// beyond is made smaller in steps before it is removed: to free 64 MiB at once stops the file system for 10 ms and
/// more.
struct Spares {
    struct Spare {
        let name: String
        let file: DiskFile
        let capacity: UInt64
        /// May have been a segment: what it contains is not all zero.
        let isUsed: Bool
        /// All of its blocks have been written, for certain.
        let isWritten: Bool
    }

    private struct Doomed {
        let name: String
        let file: DiskFile
        var size: UInt64
    }

    private static let shrinkStep: UInt64 = 8 << 20

    private let disk: any Disk
    private let settings: FileSettings
    private(set) var ready: [Spare] = []
    private var doomed: [Doomed] = []
    /// What a segment is called from now on that is not needed any more, if there was no space to make that durable.
    private var nextName: String?

    /// Takes over the files that an earlier run has left.
    init(named names: [String], on disk: any Disk, _ settings: FileSettings) throws(DiskError) {
        self.disk = disk
        self.settings = settings
        for name in names { try inherit(name) }
    }

    /// Takes over a file whose name is durable.
    mutating func inherit(_ name: String) throws(DiskError) { try sort(name, isWritten: false) }

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

    mutating func prepare() throws(DiskError) {
        guard !ready.contains(where: { $0.capacity == settings.segmentSize }) else { return }
        _ = try make(settings.segmentSize)
    }

    /// Turns a segment that is not needed any more into a spare. Without space for that, this is what is to be done
    /// next with any segment.
    mutating func take(_ segment: String) throws(DiskError) {
        let name = nextName ?? unusedName()
        nextName = name
        try disk.renameDurably(segment, to: name)
        nextName = nil
        try sort(name, isWritten: true)
    }

    /// Gives back some space that will not be used again. False if there is none.
    mutating func shrinkOne() throws(DiskError) -> Bool {
        guard let last = doomed.last else { return false }
        if last.size > Self.shrinkStep {
            try disk.shrink(last.file, to: last.size - Self.shrinkStep)
            doomed[doomed.count - 1].size -= Self.shrinkStep
        } else {
            try disk.remove(last.name)
            disk.close(last.file)
            doomed.removeLast()
        }
        return true
    }

    mutating func close() {
        for spare in ready { disk.close(spare.file) }
        for file in doomed { disk.close(file.file) }
        ready = []
        doomed = []
    }

    private mutating func sort(_ name: String, isWritten: Bool) throws(DiskError) {
        let file = try disk.open(name)
        let size = try disk.size(of: file)
        if size == settings.segmentSize && ready.count < settings.maximumSpares {
            ready.append(Spare(name: name, file: file, capacity: size, isUsed: true, isWritten: isWritten))
        } else {
            doomed.append(Doomed(name: name, file: file, size: size))
        }
    }

    private mutating func make(_ capacity: UInt64) throws(DiskError) -> Spare {
        let name = unusedName()
        let file = try disk.create(name)
        do throws(DiskError) {
            try disk.reserve(file, size: capacity)
            // What `renameDurably` builds on.
            try disk.syncDirectory()
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

    private func unusedName() -> String {
        let used = Set(ready.map(\.name) + doomed.map(\.name) + (nextName.map { [$0] } ?? []))
        var number: UInt32 = 1
        while used.contains(SegmentName.spare(number).text) { number += 1 }
        return SegmentName.spare(number).text
    }
}
