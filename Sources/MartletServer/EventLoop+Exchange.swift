import MartletBroker

/// The middle of a turn: everything that happens inside the core, under its lock, once.
extension EventLoop {
    func exchange() {
        var otherLoops: UInt64 = 0
        let outcome = core.enter(loop: index) { broker in
            broker.advance(to: state.now)
            open(broker)
            reportWritten(broker)
            handleLines(broker)
            endWaits(broker)
            close(broker)
            broker.swapOutbox(ofLoop: index, with: &outbox)
            otherLoops = broker.loopsWithOutput & ~(1 << UInt64(index))
            state.limits = broker.settings.limits
            return group.journal == nil ? 0 : outbox.runsThatWait
        }
        intake.finish()
        mayLeave = outcome.release
        if let alarm = outcome.alarm {
            if index == 0 { state.alarm = alarm } else { otherLoops |= 1 }
        }
        if otherLoops != 0 { group.wake(otherLoops, from: index) }
    }

    private func open(_ broker: Broker) {
        guard !agenda.opened.isEmpty else { return }
        for connection in agenda.opened where connection.phase != .gone {
            connection.session = broker.openSession(
                loop: index,
                connection: connection.id.rawValue,
                now: state.now
            )
        }
        agenda.opened.removeAll(keepingCapacity: true)
    }

    /// Tells the core what was written, so that it goes on where it waited for a peer to read.
    private func reportWritten(_ broker: Broker) {
        for connection in agenda.written {
            let count = connection.unreported
            connection.unreported = 0
            guard let session = connection.session, connection.phase != .gone else { continue }
            broker.wrote(count, to: session, now: state.now)
            if connection.hold == .owing, broker.accepts(session) { agenda.resumed.append(connection) }
        }
        agenda.written.removeAll(keepingCapacity: true)
        agenda.isReportDue = false
    }

    private func handleLines(_ broker: Broker) {
        guard !intake.portions.isEmpty else { return }
        var time = TurnTime()
        // Those that were held go first, or new ones could hold them back for ever.
        for place in intake.firstResumed..<intake.portions.count { handlePortion(place, broker, &time) }
        for place in 0..<intake.firstResumed { handlePortion(place, broker, &time) }
        // Behind those that have had nothing of this turn.
        if !agenda.served.isEmpty {
            agenda.resumed += agenda.served
            agenda.served.removeAll()
        }
    }

    private func handlePortion(_ place: Int, _ broker: Broker, _ time: inout TurnTime) {
        let portion = intake.portions[place]
        guard let session = portion.connection.session else { return }
        if portion.isEnd { end(portion.connection, session, broker) }
        guard !portion.lines.isEmpty else { return }
        noteFirstRequest(portion.connection)
        time.beginConnection()
        handle(portion, place, session, broker, &time)
    }

    private func handle(
        _ portion: Portion,
        _ place: Int,
        _ session: SessionID,
        _ broker: Broker,
        _ time: inout TurnTime
    ) {
        let end = portion.lines.upperBound
        var line = portion.lines.lowerBound
        while line < end {
            guard !time.isUp || !intake.mayWait(line) else { return hold(place, from: line, .late) }
            let some = min(end, line + TurnTime.linesBetweenLooks)
            let next = broker.handle(intake.batch, lines: line..<some, from: session, now: state.now)
            time.pass(lines: next - line)
            if broker.tookLong { time.look() }
            line = next
            guard line < end else { return }
            if broker.accepts(session) { continue }
            guard !intake.mayWait(line) else { return hold(place, from: line, .owing) }
            // Its bytes are gone, so it is answered now, whatever the peer owes us.
            broker.handle(intake.batch, line, from: session, now: state.now)
            line += 1
        }
    }

    private func hold(_ place: Int, from line: Int, _ reason: Connection.Hold) {
        intake.hold(place, from: line, reason)
        let portion = intake.portions[place]
        switch reason {
        case .late where line == portion.lines.lowerBound: agenda.resumed.append(portion.connection)
        case .late: agenda.served.append(portion.connection)
        case .owing: if portion.connection.peerEnded { agenda.deserted.append(portion.connection) }
        }
    }

    /// Ends the waits that keep back the replies of those who will never say more.
    private func endWaits(_ broker: Broker) {
        for connection in agenda.deserted {
            if let session = connection.session { broker.endWaits(session, now: state.now) }
        }
        agenda.deserted.removeAll(keepingCapacity: true)
    }

    private func end(_ connection: Connection, _ session: SessionID, _ broker: Broker) {
        if connection.isHeld {
            // What the peer has said is not all dealt with: once more when it is.
            connection.phase = .open
            connection.finishesWhenRead = true
        } else {
            broker.finish(session, now: state.now)
        }
    }

    private func noteFirstRequest(_ connection: Connection) {
        guard !connection.hasSpoken else { return }
        connection.hasSpoken = true
        if deadlines.kind(of: connection.id.slot) == .idle, connection.phase != .gone {
            deadlines.clear(connection.id.slot)
        }
        if state.isDraining { finishWhenRead(connection) }
    }

    private func close(_ broker: Broker) {
        for connection in agenda.ended {
            guard let session = connection.session else { continue }
            connection.session = nil
            broker.closeSession(session, now: state.now)
        }
        agenda.ended.removeAll(keepingCapacity: true)
    }
}
