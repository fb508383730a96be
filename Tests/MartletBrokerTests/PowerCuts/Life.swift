import MartletJournal
import MartletSimulatedDisk

@testable import MartletBroker
@testable import MartletDisk
@testable import MartletServer

/// One run of a broker and its journal, from the start to the end of the power, with the model beside it.
///
/// The server's `Recording` stands between the two, and the journal is the daemon's, but for its thread: what that
/// would do is done in rounds, after as many turns as chance will have it.
final class Life {
    /// What a turn has recorded, and what the model was then.
    private struct Turn {
        /// The positions at which it has been written, and at which its promises are durable.
        let written: UInt64
        let durable: UInt64?
        let moment: Int
    }

    private let disk: SimulatedDisk
    private let broker: Broker
    private let journal: FileJournal
    private var recording: Recording
    private var simulation: Simulation
    private let clock: SimulatedClock
    private var turns: [Turn] = []
    /// Bytes that the journal takes yet, as of the begin of the turn.
    private var room = Int.max
    private var kept: (byPowerCut: Int, byKill: Int) = (0, 0)

    /// What a life leaves to the next one.
    struct Remains {
        /// As the model was, from what was there at the start to what was asked last.
        let moments: [Model]
        /// The earliest of them that may be found.
        var kept: (byPowerCut: Int, byKill: Int) = (0, 0)

        var afterPowerCut: ArraySlice<Model> { moments[kept.byPowerCut...] }
        var afterKill: ArraySlice<Model> { moments[kept.byKill...] }
    }

    /// What time it is for the journal.
    final class SimulatedClock {
        private let start = MonotonicInstant.now
        var milliseconds = 0
        var now: MonotonicInstant { start.advanced(milliseconds: milliseconds) }
    }

    /// Begins where a recovery has ended.
    /// - Throws: what a daemon would end with.
    init(
        _ recovered: Recovered,
        on disk: SimulatedDisk,
        segmentSize: Int,
        _ receipts: ReceiptBook
    ) throws(JournalError) {
        self.disk = disk
        var settings = FileSettings()
        settings.segmentSize = UInt64(segmentSize)
        let writer = try SegmentWriter(continuing: recovered.recovery, on: disk, settings: settings)
        let clock = SimulatedClock()
        self.clock = clock
        journal = FileJournal(writer, clock: { clock.now }, advanced: {})
        broker = recovered.broker
        broker.beginRecording(in: journal.segment, segmentSize: segmentSize)
        broker.dropTemporaryQueues()
        recording = Recording(journal)
        var model = recovered.model
        model.moments = []
        model.noteMoment()
        model.adoptOrder(of: recovered.double)
        model.dropTemporaryQueues()
        let engine = Engine(broker, now: recovered.now)
        // A third of the time is saved that the suite takes: `ModelTests` look after every step.
        simulation = Simulation(engine, broker.settings, model, receipts, isAudited: false)
        beginTurn()
    }

    var now: Now { simulation.engine.now }
    var receipts: ReceiptBook { simulation.receipts }
    var trace: [String] { simulation.trace }
    /// Why the journal can be written no more; nil while it can.
    var failure: String? { if case .failed(let reason) = journal.condition { reason } else { nil } }
    var remains: Remains { Remains(moments: simulation.model.moments ?? [], kept: kept) }

    /// Steps until the journal fails. Returns what was wrong, nil if nothing was.
    /// - Parameter spaceEnds: the step at which the disk is full, until the journal has used up what it has.
    func live(
        steps: Int,
        spaceEnds: Int?,
        _ generator: inout Generator,
        _ chance: inout Chance
    ) -> String? {
        for step in 0..<steps {
            if step == spaceEnds { disk.hasSpace = false }
            if lacksRoom, chance.below(4) == 0, let wrong = waitForSpace() { return wrong }
            if failure != nil { return nil }
            if let wrong = take(generator.step(simulation.model)) { return wrong }
            if chance.below(3) > 0 { continue }
            endTurn(rounds: chance.below(4))
        }
        if failure == nil { endTurn(rounds: 0) }
        return simulation.engine.firstBrokenInvariant
    }

    private func endTurn(rounds: Int) {
        let before = recording.release
        recording.end(broker, waiting: 1)
        let release = recording.release
        if release.written > before.written {
            let durable = release.durable > before.durable ? release.durable : nil
            let moment = (simulation.model.moments?.count ?? 0) - 1
            turns.append(Turn(written: release.written, durable: durable, moment: moment))
        }
        clock.milliseconds = now.monotonic
        for _ in 0..<rounds { journal.goOn() }
        noteWhatIsKept()
        if failure == nil { beginTurn() }
    }

    private func beginTurn() {
        recording.begin(broker)
        room = broker.journal.room
    }

    /// Takes a step with broker and model. How much room records take, the model cannot know; so both are told before
    /// each step whether there is enough for all of it or none at all.
    private func take(_ step: Step) -> String? {
        let hasRoom = !lacksRoom
        broker.journal.room = hasRoom ? .max / 2 : 0
        broker.journal.roomAtOnce = broker.journal.room
        broker.journal.roomForNew = broker.journal.room
        simulation.noteJournal(isFull: broker.journal.condition == .full, hasRoom: hasRoom)
        // What has waited for room is made up for before anything else is asked.
        if let wrong = simulation.take(Step(peer: 0, event: .pass(0))) { return wrong }
        let (before, isRestating) = (broker.records.count, broker.restatement != nil)
        if let wrong = simulation.take(step) { return wrong }
        guard !hasRoom, !isRestating, broker.records.count > before else { return nil }
        return "without room, \(broker.records.count - before) bytes were recorded"
    }

    /// A lease is no promise: a power cut may undo what the turns behind the last promise have brought.
    private func noteWhatIsKept() {
        for turn in turns {
            if let durable = turn.durable, journal.durable >= durable { kept.byPowerCut = turn.moment }
            if journal.written >= turn.written { kept.byKill = turn.moment }
        }
        kept.byKill = max(kept.byKill, kept.byPowerCut)
    }

    /// What is left may not be enough even for deletes.
    private var lacksRoom: Bool {
        guard broker.journal.condition == .full else { return false }
        return room - broker.records.count - (broker.restatement?.cost ?? 0) < broker.segmentSize / 5
    }

    private func waitForSpace() -> String? {
        disk.hasSpace = true
        for _ in 0..<10 where broker.journal.condition == .full && failure == nil {
            if let wrong = take(Step(peer: 0, event: .pass(1_000))) { return wrong }
            endTurn(rounds: 3)
        }
        return broker.journal.condition == .full && failure == nil ? "the journal stays full" : nil
    }

    /// The journal has failed, and the process goes on: what was not durable is taken back, and nothing is accepted.
    func outliveJournal() -> String? {
        recording.begin(broker)
        let peer = simulation.engine.connect()
        let reply = peer.send(#"{"op":"send","queue":"a","body":1}"#)
        guard reply.contains("not_durable") else { return "without a journal, a send is answered with \(reply)" }
        return lostMessage.map { "\($0) was never durable, and is there" } ?? simulation.engine.firstBrokenInvariant
    }

    /// A message that was sent after what is surely kept. One that has died may have been durable elsewhere.
    private var lostMessage: String? {
        let kept = remains.afterPowerCut.first?.queues ?? []
        for queue in broker.queues.all {
            let lastID = kept.first { $0.name == queue.name }?.lastID ?? 0
            let slots = Message.State.allCases.flatMap { queue.messages($0, atMost: .max, in: broker.store) }
            for slot in slots where broker.store[slot].id > lastID && broker.store.envelope(of: slot).origin.isEmpty {
                return "message \(broker.store[slot].id) of \(queue.name)"
            }
        }
        return nil
    }
}
