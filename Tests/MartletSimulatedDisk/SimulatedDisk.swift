package import MartletJournal
import Synchronization

/// A disk in memory that loses power and fails when it is told to.
///
/// What was written and not synced is pending. `afterPowerLoss` gives the disk that the next run finds: of what is
/// pending, any sectors have survived and others have not, in no order, torn within one too; of names, those up to some
/// change. A sync that fails has dropped what was pending: a later one that succeeds does not bring it back.
// Unchecked: for one thread at a time, except for what says otherwise.
package final class SimulatedDisk: Disk, @unchecked Sendable {
    /// What goes wrong at a step.
    package enum Fault: Sendable {
        /// The power goes while the step is being done.
        case powerLoss
        /// The step fails; a write has written some of its bytes.
        case broken
        /// There is no space for what the step wants to write or take.
        case noSpace
    }

    private static let sector = 512

    private enum NameChange {
        case link(String, Int)
        case rename(String, String)
        case remove(String)
    }

    private var files: [SimulatedFile] = []
    private var names_: [String: Int] = [:]
    private var durableNames: [String: Int] = [:]
    private var pendingNames: [NameChange] = []
    private var handles: [Int32: Int] = [:]
    private var nextHandle: Int32 = 1
    private var saltSource: UInt64
    private var isOff = false
    /// Steps that change something, done so far.
    package private(set) var steps = 0
    /// What goes wrong, by the number of the step.
    package var faults: [Int: Fault] = [:]
    /// Files that have been opened and names that were looked for so far.
    package private(set) var looks = 0
    /// Those of them that fail for a while, by their number: there are too many open files, say.
    package var refusedLooks: Set<Int> = []
    /// Whether there is space to be reserved.
    package var hasSpace: Bool {
        get { space.withLock { $0.isThere } }
        set { space.withLock { $0.isThere = newValue } }
    }
    /// Whether there is space for another name of a file.
    package var hasSpaceForNames: Bool {
        get { space.withLock { $0.isThereForNames } }
        set { space.withLock { $0.isThereForNames = newValue } }
    }
    /// Whether there is space for bytes, even where there are some, as on file systems that write them elsewhere.
    package var hasSpaceForBytes: Bool {
        get { space.withLock { $0.isThereForBytes } }
        set { space.withLock { $0.isThereForBytes = newValue } }
    }
    /// Whether syncs find the space that they need. One that does not has dropped what it was to write.
    package var hasSpaceForSyncs: Bool {
        get { space.withLock { $0.isThereForSyncs } }
        set { space.withLock { $0.isThereForSyncs = newValue } }
    }
    /// What is said of the space that is free, when it is asked for.
    package func say(freeSpace: UInt64) { space.withLock { $0.free = freeSpace } }
    /// Names that there was no space for.
    package var namesRefused: Int { space.withLock { $0.namesRefused } }
    private let space = Mutex(Space())

    private struct Space {
        var isThere = true
        var isThereForNames = true
        var isThereForBytes = true
        var isThereForSyncs = true
        var namesRefused = 0
        var free = UInt64.max
    }

    private let syncFails = Mutex(false)
    /// Reads beginning at this offset of this file fail.
    package var unreadable: (file: String, offset: UInt64)?

    package init(seed: UInt64 = 1) { saltSource = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    // MARK: What is left

    /// What the next run finds after a power cut.
    package func afterPowerLoss(seed: UInt64) -> SimulatedDisk {
        var chance = Chance(seed: seed)
        let other = SimulatedDisk(seed: seed ^ 0x5DEE_CE66D)
        other.files = files.map { $0.afterPowerLoss(&chance, sector: Self.sector) }
        other.durableNames = durableNames
        for change in pendingNames.prefix(chance.below(pendingNames.count + 1)) {
            Self.apply(change, to: &other.durableNames)
        }
        other.names_ = other.durableNames
        return other
    }

    /// What the next run finds after the process was killed: everything, the pending still pending.
    package func afterKill() -> SimulatedDisk {
        let other = SimulatedDisk(seed: saltSource &+ 77)
        other.files = files
        other.names_ = names_
        other.durableNames = durableNames
        other.pendingNames = pendingNames
        return other
    }

    /// The syncs of all files fail: what was pending will never be durable, though it is still read.
    package func dropPendingBytes() { for index in files.indices { files[index].dropPending() } }

    /// The same disk once more, to be spoiled.
    package func copy() -> SimulatedDisk { afterKill() }

    package func contents(_ name: String) -> [UInt8]? { names_[name].map { files[$0].bytes } }

    package func setContents(_ name: String, _ bytes: [UInt8]) {
        if names_[name] == nil {
            names_[name] = files.count
            files.append(SimulatedFile())
        }
        guard let index = names_[name] else { return }
        files[index] = SimulatedFile(bytes)
        durableNames[name] = index
    }

    package func delete(_ name: String) {
        names_[name] = nil
        durableNames[name] = nil
    }

    /// Everything that is there, with folders.
    package var everyName: [String] { names_.keys.sorted() }

    /// How many files there have been, those that are gone included.
    package var filesCreated: Int { files.count }

    /// The next sync of a file fails, and all after it.
    package func failNextSync() { syncFails.withLock { $0 = true } }

    // MARK: Steps

    private func fail(_ kind: DiskError.Kind, _ call: String, _ name: String, _ reason: String) -> DiskError {
        DiskError(kind, call: call, file: name, reason: reason)
    }

    private func noSpace(_ call: String, _ name: String = "") -> DiskError {
        fail(.noSpace, call, name, "No space left on device")
    }

    /// Counts a step and says what goes wrong with it. `partly` is done when the power goes.
    private func step(_ call: String, _ name: String, partly: () -> Void = {}) throws(DiskError) {
        if isOff { throw fail(.broken, call, name, "there is no power") }
        defer { steps += 1 }
        switch faults[steps] {
        case nil: return
        case .powerLoss:
            partly()
            isOff = true
            throw fail(.broken, call, name, "the power went")
        case .broken:
            partly()
            throw fail(.broken, call, name, "Input/output error")
        case .noSpace: throw noSpace(call, name)
        }
    }

    /// Counts a look, which may be refused.
    private func look(_ call: String, _ name: String) throws(DiskError) {
        defer { looks += 1 }
        if refusedLooks.contains(looks) { throw fail(.noSpace, call, name, "Too many open files") }
    }

    private func index(_ file: DiskFile) -> Int {
        guard let index = handles[file.number] else { preconditionFailure("the file is not open") }
        return index
    }

    private func handle(_ index: Int) -> DiskFile {
        defer { nextHandle += 1 }
        handles[nextHandle] = index
        return DiskFile(number: nextHandle)
    }

    // MARK: Disk

    package func names() throws(DiskError) -> [String] { names_.keys.filter { !$0.contains("/") }.sorted() }

    package func exists(_ name: String) throws(DiskError) -> Bool {
        try look("access", name)
        return names_[name] != nil || names_.keys.contains { $0.hasPrefix("\(name)/") }
    }

    package func open(_ name: String) throws(DiskError) -> DiskFile {
        if isOff { throw fail(.broken, "open", name, "there is no power") }
        try look("open", name)
        guard let index = names_[name] else { throw fail(.broken, "open", name, "No such file or directory") }
        return handle(index)
    }

    package func create(_ name: String) throws(DiskError) -> DiskFile {
        try step("create", name)
        guard names_[name] == nil else { throw fail(.broken, "create", name, "File exists") }
        files.append(SimulatedFile())
        change(.link(name, files.count - 1))
        return handle(files.count - 1)
    }

    package func close(_ file: DiskFile) { handles[file.number] = nil }

    package func size(of file: DiskFile) throws(DiskError) -> UInt64 {
        try look("fstat", "")
        return UInt64(files[index(file)].bytes.count)
    }

    package func read(
        _ file: DiskFile,
        at offset: UInt64,
        into space: UnsafeMutableRawBufferPointer
    ) throws(DiskError) -> Int {
        let index = index(file)
        if let unreadable, names_[unreadable.file] == index,
            (offset..<(offset + UInt64(space.count))).contains(unreadable.offset)
        {
            throw fail(.broken, "read", unreadable.file, "Input/output error")
        }
        let bytes = files[index].bytes.dropFirst(Int(offset)).prefix(space.count)
        space.copyBytes(from: bytes)
        return bytes.count
    }

    package func write(_ file: DiskFile, at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws(DiskError) {
        let index = index(file)
        let bytes = Array(bytes)
        if !hasSpaceForBytes { throw noSpace("write") }
        try step("write", "") { files[index].write(Array(bytes.prefix(bytes.count / 2)), at: Int(offset)) }
        files[index].write(bytes, at: Int(offset))
    }

    package func reserve(_ file: DiskFile, size: UInt64) throws(DiskError) {
        let index = index(file)
        try step("fallocate", "")
        guard hasSpace else { throw noSpace("fallocate") }
        files[index].reserve(max(Int(size), files[index].bytes.count))
    }

    package func shrink(_ file: DiskFile, to size: UInt64) throws(DiskError) {
        let index = index(file)
        try step("ftruncate", "")
        files[index].resize(to: Int(size))
    }

    package func sync(_ file: DiskFile) throws(DiskError) {
        let index = index(file)
        do throws(DiskError) {
            try step("fdatasync", "")
            if !hasSpaceForSyncs { throw noSpace("fdatasync") }
            if syncFails.withLock({ $0 }) { throw fail(.broken, "fdatasync", "", "Input/output error") }
        } catch {
            if !isOff { files[index].dropPending() }
            throw error
        }
        files[index].sync()
    }

    package func rename(_ name: String, to newName: String) throws(DiskError) {
        try step("rename", name)
        let isRefused = space.withLock {
            if !$0.isThereForNames { $0.namesRefused += 1 }
            return !$0.isThereForNames
        }
        if isRefused { throw noSpace("rename", name) }
        guard names_[name] != nil else { throw fail(.broken, "rename", name, "No such file or directory") }
        guard names_[newName] == nil else { throw fail(.broken, "rename", name, "File exists") }
        change(.rename(name, newName))
    }

    package var freeSpace: UInt64 { space.withLock { $0.free } }

    package func remove(_ name: String) throws(DiskError) {
        try step("unlink", name)
        change(.remove(name))
    }

    package func syncDirectory() throws(DiskError) {
        do throws(DiskError) {
            try step("fsync", "")
            if !hasSpaceForSyncs { throw noSpace("fsync") }
        } catch {
            // As with files, what was to be made durable is dropped, and a later sync does not bring it back; some of
            // it may have been made durable before.
            var chance = Chance(seed: stamp().salt)
            if !isOff { settleNames(keeping: chance.below(pendingNames.count + 1)) }
            throw error
        }
        settleNames(keeping: pendingNames.count)
    }

    package func stamp() -> SegmentStamp {
        saltSource = saltSource &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return SegmentStamp(salt: saltSource | 1, milliseconds: 1_700_000_000_000)
    }

    private func settleNames(keeping count: Int) {
        for change in pendingNames.prefix(count) { Self.apply(change, to: &durableNames) }
        pendingNames = []
    }

    private func change(_ change: NameChange) {
        Self.apply(change, to: &names_)
        pendingNames.append(change)
    }

    private static func apply(_ change: NameChange, to names: inout [String: Int]) {
        switch change {
        case .link(let name, let index): names[name] = index
        case .remove(let name): names[name] = nil
        case .rename(let name, let newName):
            guard let index = names.removeValue(forKey: name) else { return }
            names[newName] = index
        }
    }
}
