import Glibc
import MartletJournal

/// The only place that touches errno: an interrupted call is repeated, a bad descriptor or address is a defect of ours
/// and traps, everything else is a `DiskError`.
enum SystemCall {
    @discardableResult
    static func check(_ call: String, _ file: @autoclosure () -> String, _ body: () -> Int) throws(DiskError) -> Int {
        while true {
            let result = body()
            if result >= 0 { return result }
            let number = errno
            if number == EINTR { continue }
            throw error(call, file(), number)
        }
    }

    @discardableResult
    static func check(_ call: String, _ file: @autoclosure () -> String, _ body: () -> Int32) throws(DiskError) -> Int32
    {
        Int32(try check(call, file()) { Int(body()) })
    }

    /// For calls that return the error's number.
    static func checkNumber(_ call: String, _ file: @autoclosure () -> String, _ body: () -> Int32) throws(DiskError) {
        while true {
            let number = body()
            if number == 0 { return }
            if number == EINTR { continue }
            throw error(call, file(), number)
        }
    }

    /// Nothing can be done about a failing close, and repeating it could close somebody else's descriptor.
    static func close(_ descriptor: Int32) {
        if Glibc.close(descriptor) != 0 {
            precondition(errno != EBADF, "close was given a descriptor that is not ours")
        }
    }

    /// Whether there is what a call looks for; it throws where that cannot be told.
    static func isThere(_ call: String, _ file: String, _ body: () -> Int32) throws(DiskError) -> Bool {
        while true {
            if body() == 0 { return true }
            let number = errno
            switch number {
            case ENOENT, ENOTDIR: return false
            case EINTR: continue
            default: throw error(call, file, number)
            }
        }
    }

    /// Whether the call before this one has failed as there is a file of that name.
    static var isTaken: Bool { errno == EEXIST }

    /// To read the names in a directory.
    static func stream(of directory: String) throws(DiskError) -> OpaquePointer {
        while true {
            if let stream = opendir(directory) { return stream }
            let number = errno
            if number != EINTR { throw error("opendir", directory, number) }
        }
    }

    /// Whether it has failed as there is no such process.
    static var hasNoProcess: Bool { errno == ESRCH }

    /// The next name in a directory; nil at its end. Its end and an error look alike but for errno.
    static func next(of directory: OpaquePointer, _ path: String) throws(DiskError) -> UnsafeMutablePointer<dirent>? {
        errno = 0
        if let entry = readdir(directory) { return entry }
        guard errno == 0 else { throw error("readdir", path, errno) }
        return nil
    }

    /// What a descriptor was opened as, for an error's text.
    static func path(of descriptor: Int32) -> String {
        var bytes = [CChar](repeating: 0, count: 512)
        let count = readlink("/proc/self/fd/\(descriptor)", &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func error(_ call: String, _ file: String, _ number: Int32) -> DiskError {
        precondition(number != EBADF && number != EFAULT, "\(call) was given a descriptor or memory that is not ours")
        let kind: DiskError.Kind = isPassing(number) ? .noSpace : isDenied(number) ? .denied : .broken
        return DiskError(kind, call: call, file: file, reason: words(number))
    }

    /// Whether the same call may succeed later, with nothing lost: there is no space, or there are too many open files,
    /// or there is no memory just now.
    private static func isPassing(_ number: Int32) -> Bool {
        [ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM].contains(number)
    }

    private static func isDenied(_ number: Int32) -> Bool { [EACCES, EPERM, EROFS].contains(number) }

    private static func words(_ number: Int32) -> String {
        var words = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &words, words.count) == 0 else { return "error \(number)" }
        return String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
