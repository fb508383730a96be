// What changes leave in a queue's counters, rates, waits and history.
extension Broker {
    /// Before the counters change: what they were when this second began.
    @inline(__always)
    func noteRates(_ queue: Queue) { queue.rates.note(queue.counters, now: now.monotonic) }

    @inline(__always)
    func noteDelivery(of slot: UInt32, in queue: Queue) {
        queue.counters.received += 1
        if store[slot].attempts > 0 {
            queue.counters.redelivered += 1
        } else {
            queue.waits.add(milliseconds: now.wall - store[slot].sentAt)
        }
    }

    func noteHistory(
        of slot: UInt32,
        in queue: Queue,
        _ outcome: HistoryRecord.Outcome,
        by session: UInt32
    ) {
        // The journal has it in words of its own.
        guard !isReplaying else { return }
        let message = store[slot]
        let ended = HistoryRecord(
            id: message.id,
            producer: store.envelope(of: slot).producer,
            consumer: sessions[session]?.quotedName ?? "",
            sentAt: message.sentAt,
            endedAt: now.wall,
            outcome: outcome,
            attempts: Int(message.attempts),
            number: queue.history.lastNumber + 1,
            segment: segments.current
        )
        record(ended, in: queue)
        countingHistory(of: queue) { queue.history.append(ended, keeping: queue.settings.history) }
    }

    /// Does something with a queue's history, and counts what it takes afterwards.
    func countingHistory<Result>(of queue: Queue, _ body: () -> Result) -> Result {
        let before = queue.history.statedBytes
        defer { historyBytes += queue.history.statedBytes - before }
        return body()
    }
}
