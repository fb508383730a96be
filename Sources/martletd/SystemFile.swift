import Glibc

/// Reads a small file whole.
enum SystemFile {
    struct Failure: Error {
        let reason: String
    }

    /// More than this is no configuration.
    private static let maximumSize = 4 << 20

    static func read(_ path: String) throws(Failure) -> String {
        guard let file = fopen(path, "re") else {
            throw Failure(reason: "cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count <= maximumSize {
            let count = fread(&block, 1, block.count, file)
            bytes += block[..<count]
            // Before anything else that may fail: a directory can be opened, and says only now that it is one.
            let error = errno
            if ferror(file) != 0 { throw Failure(reason: "cannot be read: \(String(cString: strerror(error)))") }
            if count < block.count { break }
        }
        guard bytes.count <= maximumSize else { throw Failure(reason: "is larger than \(ByteSize.text(maximumSize))") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "is not UTF-8 text") }
        return text
    }
}
