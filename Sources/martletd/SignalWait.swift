import Glibc

/// The signals that the daemon acts on, waited for by the main thread.
///
/// They are blocked before there is a second thread, so that each stays pending until it is waited for: one that comes
/// while the daemon is still starting, or between two waits, is neither lost nor kills it. (A dispatch source is set up
/// behind the caller's back and needs the signal ignored until then, so it would miss one that comes early.)
struct SignalWait: Sendable {
    enum Call {
        case end, reload
    }

    private static let ending = [SIGTERM, SIGINT]

    /// To be called on the main thread, before any other is started.
    static func blockSignals() -> SignalWait {
        signal(SIGPIPE, SIG_IGN)
        var signals = set
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        return SignalWait()
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in ending + [SIGHUP] { sigaddset(&signals, number) }
        return signals
    }

    /// Sleeps until one of the signals comes.
    func next() -> Call {
        var signals = Self.set
        var number: Int32 = 0
        // It fails for a bad set only, and this one is good.
        while sigwait(&signals, &number) != 0 {}
        return Self.ending.contains(number) ? .end : .reload
    }
}
