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
        let message = store[slot]
        let record = HistoryRecord(
            id: message.id,
            producer: store.envelope(of: slot).producer,
            consumer: sessions[session]?.quotedName ?? "",
            sentAt: message.sentAt,
            endedAt: now.wall,
            outcome: outcome,
            attempts: Int(message.attempts)
        )
        queue.history.append(record, keeping: queue.settings.history)
    }
}
