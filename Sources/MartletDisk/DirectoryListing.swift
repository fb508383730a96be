import Glibc
package import MartletJournal

/// What is in a directory.
package enum DirectoryListing {
    /// A descriptor for it, which the caller closes.
    static func open(_ directory: String) throws(JournalError) -> Int32 {
        do throws(DiskError) {
            return try SystemCall.check("open", directory) {
                Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        } catch {
            throw .unusable(error)
        }
    }

    /// Names of files and folders, in order.
    package static func names(_ directory: String) throws(DiskError) -> [String] {
        let stream = try SystemCall.stream(of: directory)
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = try SystemCall.next(of: stream, directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
