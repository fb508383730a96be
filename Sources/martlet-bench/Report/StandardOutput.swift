import Glibc

enum StandardOutput {
    /// Writes out what `print` has kept back, for a reader that waits for it.
    static func flush() { fflush(nil) }
}
