/// How the journal is doing.
package enum JournalCondition: Equatable, Sendable {
    case ready
    /// No space could be reserved for another segment, and what is left of the last one is for deletes and the like.
    /// Becomes `ready` by itself when there is space again.
    case full
    /// A write or a sync failed; what was not durable then never will be. Final.
    case failed(String)
}
