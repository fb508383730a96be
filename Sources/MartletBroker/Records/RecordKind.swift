/// What a record of the journal says. The journal's entries, as the core writes and reads them:
///
///     entry   | length: 4 | checksum: 4 | payload |              the payload is `length` bytes; the journal fills in
///                                                                the checksum and knows nothing of what follows
///     payload | wall: 8 | record | record | …                    when it happened, in Unix milliseconds
///     record  | kind: 1 | fields |
///
/// An entry is there whole or not at all, so what belongs together stands in one. Numbers are little-endian, instants
/// Unix milliseconds, texts and bytes preceded by their length in four bytes. A message is named by `queue: 4 | id: 8`,
/// where a queue's number is never used for another queue.
///
/// A record says what has come of a change (the instant at which a message expires, not the queue's ttl), so that it
/// means the same after the records before it are gone. For the journal is cut at its old end: a record may be about a
/// message or a queue whose beginnings were cut, and then it is without effect: either it is gone, or it is *stated*
/// anew, as it then was, in a later record. In each segment a queue is stated before any other record names it.
///
/// To change the format: raise `SegmentHeader.currentVersion` in MartletJournal, give new meanings new kinds, and go on
/// reading the old ones; the tests keep stored journals of every version.
enum RecordKind: UInt8 {
    /// `queue, id, priority: 1, flags: 1, [ready at: 8], [expires at: 8], [members], [group], [dedup], body`
    case sent = 1
    /// As `sent`, without a body: that of the message sent before it in the same entry.
    case sentAgain = 2
    /// `queue, id, serial: 8, until: 8, keep: 1`
    case leased = 3
    /// `queue, id, until: 8`
    case extended = 4
    /// `queue, id, ready at: 8 (0 for at once), counts: 1`
    case returned = 5
    /// `queue, id`
    case readied = 6
    /// `queue, id, cause: 1, origin`
    case died = 7
    /// `queue, id, target: 4, new id: 8, cause: 1, expires at: 8, origin`
    case deadLettered = 8
    /// `queue, id`
    case redriven = 9
    /// `queue, id, target: 4, new id: 8, expires at: 8`
    case moved = 10
    /// `queue, id`
    case removed = 11
    /// `queue: 4, flags: 1, last id: 8, name, settings`
    case queueStated = 12
    /// `queue: 4`
    case dropped = 13
    /// `queue: 4, pattern`
    case bound = 14
    /// `queue: 4, pattern`
    case unbound = 15
    /// `queue, id, sent at: 8, ended at: 8, outcome: 1, attempts: 4, number: 8, producer, consumer`
    case ended = 16
    /// `queue, id, sent at: 8, priority: 1, state: 1, flags: 1, attempts: 4, deadline: 8, [serial: 8, keep: 1],
    /// [group], payload`
    case messageStated = 17
    /// `queue, id, seen at: 8, key`
    case dedupStated = 18
    /// `last serial: 8, last queue number: 4`
    case brokerStated = 19
}

/// Which optional fields a `sent` record has.
struct SentFlags: OptionSet {
    let rawValue: UInt8
    static let readyAt = SentFlags(rawValue: 1)
    static let expiresAt = SentFlags(rawValue: 2)
    static let members = SentFlags(rawValue: 4)
    static let group = SentFlags(rawValue: 8)
    static let dedup = SentFlags(rawValue: 16)
}

/// What a `messageStated` record has.
struct StatedFlags: OptionSet {
    let rawValue: UInt8
    static let envelope = StatedFlags(rawValue: 1)
    static let group = StatedFlags(rawValue: 2)
    static let lease = StatedFlags(rawValue: 4)
    static let deadline = StatedFlags(rawValue: 8)
}

/// How a `queueStated` record describes its queue.
struct QueueFlags: OptionSet {
    let rawValue: UInt8
    static let autoCreated = QueueFlags(rawValue: 1)
    static let sendIsPaused = QueueFlags(rawValue: 2)
    static let receiveIsPaused = QueueFlags(rawValue: 4)
}
