import Glibc

/// A system call that failed in a way nobody waits for: which one, and the kernel's number for why.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package let call: String
    package let number: Int32

    package init(call: String, number: Int32) {
        self.call = call
        self.number = number
    }

    /// The kernel's words: "Address already in use".
    package var reason: String {
        var words = [CChar](repeating: 0, count: 128)
        guard strerror_r(number, &words, words.count) == 0 else { return "error \(number)" }
        return String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    package var description: String { "\(call): \(reason)" }
}
