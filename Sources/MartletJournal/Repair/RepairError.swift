/// Why a repair cannot be made. Nothing was changed then.
package enum RepairError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no space for the new segments, which take so many bytes at most.
    case noSpace(bytes: UInt64, DiskError)
    /// The new segments are numbered behind the old ones, and behind this one there are no numbers.
    case noNumbersLeft(file: String)

    package var description: String {
        switch self {
        case .noSpace(let bytes, let error):
            "there is no space for what is readable: it takes \(bytes) bytes at most. Nothing was changed (\(error))"
        case .noNumbersLeft(let file):
            "behind \(file) there are no numbers for new segments. No journal comes that far: move that file away. "
                + "Nothing was changed"
        }
    }
}
