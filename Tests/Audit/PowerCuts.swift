import Glibc

/// Ends the daemon again and again between two of its calls to the disk, or at any moment, and cuts its power then.
struct PowerCuts {
    let daemon: DaemonProcess
    let power: PowerSupply
    let book: Book
    /// Milliseconds of a life, about.
    let span: Int

    struct Failure: Error, CustomStringConvertible { let description: String }

    func run(_ cuts: Int, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var done = 0
        while done < cuts {
            let isBetweenCalls = try endOfLife(&random)
            // What a killed daemon has not synced, the next one finds and must not take for durable.
            if isBetweenCalls, random.chance(30) {
                try power.note(isWhole: true)
                book.count("kills without a power cut")
            } else {
                try power.note(isWhole: isBetweenCalls)
                try power.cut()
                done += 1
                book.count("power cuts")
            }
            daemon.environment = power.environment(lastCall: lastCall(&random))
            try daemon.start()
        }
        daemon.end(SIGKILL)
        try cut()
        daemon.environment = power.environment(lastCall: 0)
        try daemon.start()
    }

    /// Cuts the power of a daemon that was killed.
    func cut() throws {
        try power.note(isWhole: false)
        try power.cut()
        book.count("power cuts")
    }

    /// Often one of the first, while it recovers; for a third, none is the last.
    private func lastCall(_ random: inout SeededGenerator) -> Int {
        switch Int.random(in: 0..<3, using: &random) {
        case 0: Int.random(in: 1...40, using: &random)
        case 1: Int.random(in: 40...1_000, using: &random)
        default: 0
        }
    }

    /// Waits until it has come to its last call, or kills it.
    /// - Returns: whether it has ended between two calls.
    private func endOfLife(_ random: inout SeededGenerator) throws -> Bool {
        let status = daemon.waitForEnd(atMost: Int.random(in: span / 4...span, using: &random))
        if let status, status != -SIGKILL {
            throw Failure(description: "the daemon has ended by itself with \(status): \(daemon.tail)")
        }
        if status == nil { daemon.end(SIGKILL) }
        return status != nil
    }
}
