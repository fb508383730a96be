import MartletProtocol

// What the core does when the journal cannot take what must be durable: it refuses before anything is changed.
extension Broker {
    /// Refuses what brings something new while there is no space for it in the journal.
    func checkJournalTakesMore() throws(Failure) {
        guard isJournaled else { return }
        if journal.condition == .full {
            throw Failure(
                .notDurable,
                "the journal has no space for anything new; receives and deletes go on, sends when there is space"
            )
        }
        if segments.count > SegmentLedger.most {
            throw Failure(.notDurable, "the journal has \(segments.count) segments, as many as there may be")
        }
    }

    /// Refuses every change when the journal can be written no more; what only looks is answered, and messages are
    /// still handed out.
    func checkJournalTakes(_ request: Request) throws(Failure) {
        switch journal.condition {
        case .ready, .full:
            // What was set aside for deletes is used up, or there was nothing of it at the start; or others have used
            // up what one turn may take. A lease could not be written either, and its receive would wait for that.
            guard !hasRoom else { return }
            let isRecorded = promises(request) || request.operation == .receive || request.operation == .subscribe
            guard isRecorded, request.operation != .drop || !hasRoomForDrop else { return }
            throw noRoom
        case .failed(let reason):
            guard promises(request) else { return }
            throw Failure(.notDurable, "the journal has failed (\(reason)): nothing can be changed until a restart")
        }
    }

    /// Whether a reply of `ok` would promise something that must be durable.
    private func promises(_ request: Request) -> Bool {
        switch request.operation {
        case .receive, .subscribe: request.flag(.autoDelete)
        case .unsubscribe, .peek, .bindings, .queues, .hello, .ping, .help, .stats, .history, .explain, .quit: false
        case .send, .delete, .release, .extend, .reject, .redrive, .purge, .atomic, .bind, .unbind, .publish, .declare,
            .drop, .pause, .resume:
            true
        }
    }

    /// The journal has failed: nothing is recorded any more, and changes are refused from now on.
    package func journalFailed(_ reason: String) {
        var failed = journal
        failed.condition = .failed(reason)
        // Nothing is recorded any more, so there is room for it.
        (failed.room, failed.roomAtOnce, failed.roomForNew) = (.max, .max, .max)
        journal = failed
        recorder.isOn = false
        recorder.removeAll()
        restatement = nil
    }

    /// `"durability":…`, and how often it syncs.
    func writeDurability() {
        reply.append(",\"durability\":\"")
        reply.append(text: settings.durability.name)
        reply.append("\"")
        guard case .disk(let interval) = settings.durability else { return }
        if let interval {
            write(",\"sync_every\":", Double(interval) / 1000)
        } else {
            reply.append(",\"sync\":\"always\"")
        }
    }

    func writeJournalFigures() {
        guard isJournaled else { return }
        reply.append(",\"journal\":{\"condition\":\"")
        switch journal.condition {
        case .ready: reply.append("ready\"")
        case .full: reply.append("full\"")
        case .failed(let reason):
            reply.append("failed\",\"reason\":")
            reply.append(quoted: reason)
        }
        write(",\"bytes\":", journal.bytes)
        write(",\"segments\":", journal.segments)
        write(",\"first_segment\":", Int(segments.first))
        write(",\"syncs\":", journal.syncs)
        reply.append("}")
    }
}
