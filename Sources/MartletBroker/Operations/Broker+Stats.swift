import MartletProtocol

// `stats` and `history`: counters, gauges, and how messages have ended.
extension Broker {
    func stats(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        guard request.has(.queue) else {
            let totals = Listing.Totals(counters: retired)
            return run(Job(work: .list(Listing(subject: .totals(totals)))), request, session)
        }
        guard let name = request.text(.queue), let queue = queues.find(name) else {
            throw Failure(.noQueue, "there is no queue \(request.string(.queue) ?? "")")
        }
        reply.append(",\"queue\":\"")
        reply.append(text: queue.name)
        reply.append("\"")
        writeGauges(of: queue)
        write(queue.counters)
        write(queue.rates.rates(queue.counters, now: now.monotonic), ready: queue.ready)
        writeWaits(of: queue)
        return .answered
    }

    /// What a queue holds now.
    func writeGauges(of queue: Queue) {
        write(",\"ready\":", queue.ready)
        write(",\"delayed\":", queue.delayed)
        write(",\"leased\":", queue.leased)
        write(",\"dead\":", queue.dead)
        write(",\"bytes\":", queue.bytes)
        write(",\"consumers\":", queue.consumers)
        reply.append(",\"paused\":\"")
        switch (queue.sendIsPaused, queue.receiveIsPaused) {
        case (false, false): reply.append("no\"")
        case (true, false): reply.append("send\"")
        case (false, true): reply.append("receive\"")
        case (true, true): reply.append("both\"")
        }
    }

    private func write(_ counters: QueueCounters) {
        write(",\"sent\":", counters.sent)
        write(",\"received\":", counters.received)
        write(",\"deleted\":", counters.deleted)
        write(",\"expired\":", counters.expired)
        write(",\"dropped\":", counters.dropped)
        write(",\"redelivered\":", counters.redelivered)
        write(",\"dead_lettered\":", counters.deadLettered)
    }

    private func write(_ rates: RateWindow.Rates, ready: Int) {
        write(",\"send_rate\":", rates.sent)
        write(",\"receive_rate\":", rates.received)
        write(",\"delete_rate\":", rates.deleted)
        // How long until what is ready is gone, if it goes on like this; and how long a message waits (Little's law).
        // What is below the last decimal that is shown is noise of the sums.
        let shrinking = rates.deleted - rates.sent
        write(",\"drain_seconds\":", ready == 0 ? 0 : shrinking >= 0.001 ? Double(ready) / shrinking : nil)
        write(",\"mean_wait\":", ready == 0 ? 0 : rates.received > 0 ? Double(ready) / rates.received : nil)
    }

    private func writeWaits(of queue: Queue) {
        let first = queue.messages(.ready, atMost: 1, in: store).first
        write(",\"oldest_ready_age\":", first.map { Double(max(0, now.wall - store[$0].sentAt)) / 1000 })
        write(",\"wait_p50\":", queue.waits.percentile(0.5))
        write(",\"wait_p99\":", queue.waits.percentile(0.99))
    }

    /// The members of the broker's own statistics.
    func write(_ totals: Listing.Totals) {
        write(",\"ready\":", totals.ready)
        write(",\"delayed\":", totals.delayed)
        write(",\"leased\":", totals.leased)
        write(",\"dead\":", totals.dead)
        write(",\"bytes\":", totals.bytes)
        write(totals.counters)
        write(totals.rates, ready: totals.ready)
        write(",\"queues\":", queues.count)
        write(",\"connections\":", sessions.count)
        write(",\"waiting_receivers\":", waitingReceivers)
        write(",\"memory_bytes\":", memoryInUse)
        write(",\"memory_limit\":", settings.limits.memoryLimit)
        write(",\"uptime\":", Double(now.monotonic - startedAt.monotonic) / 1000)
        reply.append(",\"version\":\"")
        reply.append(text: settings.version)
        reply.append("\"")
        writeDurability()
        writeJournalFigures()
    }

    func history(_ request: Request, _ session: Session) throws(Failure) -> Outcome {
        guard let name = request.text(.queue), let queue = queues.find(name) else {
            throw Failure(.noQueue, "there is no queue \(request.string(.queue) ?? "")")
        }
        let search = HistorySearch(
            after: request.integer(.after) ?? 0,
            producer: request.quoted(.producer),
            consumer: request.quoted(.consumer),
            max: request.integer(.max) ?? 100
        )
        return run(Job(work: .search(queue: queue.index, search), queueNumber: queue.number), request, session)
    }
}
