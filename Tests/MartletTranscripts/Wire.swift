/// What a transcript is held over: connections that carry lines.
package protocol Wire: AnyObject {
    /// Sends bytes from the connection of this name, which is made if need be.
    func send(_ bytes: String, from name: String) throws
    /// The next line that the connection of this name gets; nil if none comes.
    func nextLine(for name: String) throws -> String?
    /// Closes the connection from our side.
    func close(_ name: String) throws
    /// Whether the broker has closed the connection; what it still owes us may be waited for.
    func isClosed(_ name: String) throws -> Bool
    /// Whether a line is there that was not expected. A wire that cannot know without waiting says no.
    func hasUnreadLine(for name: String) -> Bool
    /// Lets time pass; only called for transcripts that jump in time.
    func pass(milliseconds: Int)
}

/// Where a transcript and the broker part.
package struct TranscriptFailure: Error, CustomStringConvertible {
    package let line: Int
    package let description: String
}
