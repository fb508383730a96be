import Glibc

/// Ends the daemon again and again, in all the ways there are, and has it come back.
struct Ends {
    let daemon: any DaemonUnderTest
    let book: Book
    /// Milliseconds of a life, at most.
    let span: Int

    private enum End { case kill, stop, drop }

    func run(kills: Int, stops: Int, drops: Int, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var ends = Array(repeating: End.kill, count: kills) + Array(repeating: .stop, count: stops)
        ends += Array(repeating: .drop, count: drops)
        for end in ends.shuffled(using: &random) {
            // Often right after the start, when it recovers and everybody comes back.
            // The instant of an end is what the audit tries out.
            usleep(UInt32(random.chance(25) ? Int.random(in: 0...30, using: &random) : span.random(&random)) * 1_000)
            try bring(end)
            book.count("\(end)s")
            try daemon.start()
            if end == .drop, random.chance(70) { try killReader(&random) }
            if !random.chance(15) || end == .drop { _ = try daemon.waitUntilReady() }
        }
        _ = try daemon.waitUntilReady()
    }

    private func bring(_ end: End) throws {
        guard end != .kill else { return try daemon.kill() }
        // Before it has got so far, SIGTERM ends it as it ends any program.
        _ = try daemon.waitUntilReady()
        book.noteOrderlyEnd()
        defer { book.noteOrderlyEnd() }
        do {
            if end == .drop { try daemon.drop() } else { try daemon.stop() }
        } catch {
            book.find("\(error)")
        }
    }

    /// Kills a daemon that may be reading the dump.
    private func killReader(_ random: inout SeededGenerator) throws {
        // Starting takes some milliseconds, reading the dump some more.
        usleep(UInt32(80.random(&random)) * 1_000)
        try daemon.kill()
        book.count("kills after a drop")
        try daemon.start()
    }
}

extension Int {
    /// A number up to this one.
    fileprivate func random(_ random: inout SeededGenerator) -> Int { Int.random(in: 0...self, using: &random) }
}
