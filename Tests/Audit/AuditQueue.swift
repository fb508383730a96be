/// The queues that the audit uses.
enum AuditQueue: String, CaseIterable {
    /// Where most is sent to; what is rejected there goes to `graveyard`.
    case jobs
    /// Where atomic requests move messages to.
    case moved
    /// Messages with groups, which must come in order.
    case ordered
    case graveyard

    var declaration: String {
        switch self {
        case .jobs: #"{"op":"declare","queue":"jobs","lease":30,"dead_letter":"graveyard","dedup_window":600}"#
        default: #"{"op":"declare","queue":"\#(rawValue)","lease":30}"#
        }
    }
}
