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
            if count < block.count { break }
        }
        guard ferror(file) == 0 else { throw Failure(reason: "cannot be read") }
        guard bytes.count <= maximumSize else { throw Failure(reason: "is larger than \(ByteSize.text(maximumSize))") }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "is not UTF-8 text") }
        return text
    }
}
