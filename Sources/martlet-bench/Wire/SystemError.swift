import Glibc

/// A system call that failed: which one, and the kernel's words for why.
struct SystemError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    var description: String { "\(call): \(String(cString: strerror(number)))" }
}
