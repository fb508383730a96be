/// What a journal's segments are made of, as far as reading them goes.
package enum JournalMedium: Sendable {
    /// Files: after a power cut, what was not synced may be there in part.
    case files
    /// Memory, written in order: an entry that was not finished looks as if it had not been begun.
    case memory
}
