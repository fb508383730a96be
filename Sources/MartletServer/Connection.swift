import MartletBroker
import MartletProtocol

/// One peer, as its loop sees it: a descriptor, what it has sent of a line it has not finished, and what it has not yet
/// taken of the output that is its own.
///
/// An idle connection holds no buffer at all, also after it has been busy.
final class Connection {
    enum Hold {
        /// The core takes no requests from it until its peer has read more, or a receive is answered that many wait
        /// for.
        case owing
        /// The turn had no time left for it.
        case late
    }

    /// How far a connection's life has gone. It only ever goes forward.
    enum Phase {
        case open
        /// The peer sends no more, or we are going down: what was asked is answered, then the connection closes.
        case finishing
        /// The last byte of output is known; it closes when that is written.
        case closing
        /// We have said our last byte and wait a moment for the peer to see it.
        case lingering
        /// The descriptor is closed.
        case gone
    }

    let descriptor: Int32
    let id: ConnectionID
    var phase = Phase.open
    /// The core's name for it; nil before the core knows it and after it was told that it is gone.
    var session: SessionID?
    /// The core was told, or will be in the next entry, that it is gone.
    var isForgotten = false

    // Input.

    var framer = LineFramer()
    /// Bytes that came after the last line that was handled.
    var unfinished = ByteBuffer(capacity: 0)
    /// Why it is not read; `unfinished` then begins with whole lines that have not been handled.
    var hold: Hold?
    /// A complete line has come.
    var hasSpoken = false
    /// It stands in the list of connections to read.
    var isQueued = false
    /// The peer's last byte is on its way to us or was read.
    var peerEnded = false
    /// The peer neither sends nor reads any more.
    var hungUp = false
    /// Finish it as soon as what has arrived is read.
    var finishesWhenRead = false

    // Output.

    /// Runs for it in the loop's `UnreleasedOutput`.
    var unreleasedRuns = 0
    var pending = PendingOutput()
    /// The kernel would not take more; an event will tell when it does.
    var isBlocked = false
    /// Bytes handed to the kernel that the core has not been told of.
    var unreported = 0
    /// Runs for it in what is being written.
    var runsLeft = 0

    init(descriptor: Int32, id: ConnectionID) {
        self.descriptor = descriptor
        self.id = id
    }

    var isHeld: Bool { hold != nil }
    /// Whether bytes from it may still become requests.
    var mayRead: Bool { phase == .open && !isHeld }
}
