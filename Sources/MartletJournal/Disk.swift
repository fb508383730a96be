/// Where segments are read: a directory of files, or memory that a service manager has kept (`MemfdStore`).
package protocol SegmentSource: AnyObject {
    /// As `SegmentName` writes them; other names are passed over.
    func names() throws(DiskError) -> [String]
    func open(_ name: String) throws(DiskError) -> DiskFile
    func close(_ file: DiskFile)
    func size(of file: DiskFile) throws(DiskError) -> UInt64
    /// Reads up to as many bytes as fit and returns how many; 0 at the end of the file.
    func read(_ file: DiskFile, at offset: UInt64, into bytes: UnsafeMutableRawBufferPointer) throws(DiskError) -> Int
}

/// Where segments are written: a flat directory of files, as much of it as a journal needs.
///
/// Two play this part: `FileDisk`, and a simulated one for tests, which loses power and fails on demand.
///
/// Nothing but `sync` makes bytes durable and nothing but `syncDirectory` makes names durable; until then, power loss
/// may leave any part of them. A name may have one folder before it (`set-aside-1/…`), which is made when it is
/// needed.
package protocol Disk: SegmentSource, Sendable {
    /// A new, empty file. It is an error if there is one.
    func create(_ name: String) throws(DiskError) -> DiskFile
    /// Writes all of them, or throws having written any part of them.
    func write(_ file: DiskFile, at offset: UInt64, _ bytes: UnsafeRawBufferPointer) throws(DiskError)
    /// Takes the space now, so that writes up to this size find it. New bytes are zero; the size is durable.
    func reserve(_ file: DiskFile, size: UInt64) throws(DiskError)
    func shrink(_ file: DiskFile, to size: UInt64) throws(DiskError)
    func sync(_ file: DiskFile) throws(DiskError)
    /// Whether there is a file of this name.
    func exists(_ name: String) throws(DiskError) -> Bool
    /// Fails if something has the new name.
    func rename(_ name: String, to newName: String) throws(DiskError)
    func remove(_ name: String) throws(DiskError)
    func syncDirectory() throws(DiskError)
    /// Bytes that new files can take, as far as that can be told.
    var freeSpace: UInt64 { get }
    /// A salt never given before and the wall time.
    func stamp() -> SegmentStamp
}

extension Disk {
    /// A sync that fails is final whatever the reason: what was to be synced may be dropped, and a second call would
    /// succeed without it.
    func syncOnce(_ file: DiskFile) throws(DiskError) {
        do throws(DiskError) { try sync(file) } catch { throw error.final }
    }

    /// Gives a file whose name is durable another one. If there is no space for that, the same call may be made again;
    /// until it returns, the file has either name, and a power cut may leave it the other one.
    ///
    /// A call that is made again makes the change again: the sync that succeeds has one of its own to make durable, and
    /// does not rely on what the sync before may have dropped.
    func renameDurably(_ name: String, to newName: String) throws(DiskError) {
        if try !exists(name) { try rename(newName, to: name) }
        try rename(name, to: newName)
        try syncDirectory()
    }
}

/// An open file of a `SegmentSource`.
package struct DiskFile: Hashable, Sendable {
    package let number: Int32
    package init(number: Int32) { self.number = number }
}
