import Glibc
import Logging
import MartletBroker
import MartletDisk
import MartletJournal
import MartletServer
import MartletSystemd

/// Gives a new broker what earlier runs have left, and the journal that it goes on with.
struct Restoration {
    let configuration: JournalConfiguration
    /// Under `memory`.
    let dump: Dump?
    let supervisor: Supervisor
    let log: Logger

    let watch: JournalWatch

    /// Rung when the journal has come further.
    let bell = JournalBell()

    /// Why there is nothing to go on with.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The journal that the broker records to from now on; nil where nothing is to outlive the process.
    /// - Parameter kept: descriptors of the journal's segments that the service manager has kept.
    func restore(_ broker: Broker, kept: [InheritedDescriptor]) throws -> (any Journal)? {
        if configuration.mode != .memory, !kept.isEmpty {
            log.log(
                .messagesElsewhere,
                .error,
                "the service manager keeps messages of a run under durability memory: start with it to get at them"
            )
        }
        for place in unreadPlaces {
            log.log(
                .messagesElsewhere,
                .warning,
                "what lies in \(place) is of another durability and not read: start with that to get at the messages"
            )
        }
        let journal: any Journal
        switch configuration.mode {
        case .none: return nil
        case .disk: journal = try restoreFromFiles(broker)
        case .memory: journal = try restoreFromMemory(broker, kept)
        }
        record(broker, journal)
        return journal
    }

    /// Where other modes have left messages in the directory of this one's.
    private var unreadPlaces: [String] {
        guard let directory = (try? StateDirectory(configuration))?.path else { return [] }
        let journal = "\(directory)/journal"
        let candidates =
            (configuration.mode == .disk ? [] : [journal])
            + (configuration.mode == .memory ? [] : Dump.folders(in: directory))
        return candidates.filter { folder in
            let names = (try? DirectoryListing.names(folder)) ?? []
            return names.contains { if case .segment? = SegmentName($0) { true } else { false } }
        }
    }

    /// The journal has come further, or its condition has changed.
    private var advanced: @Sendable () -> Void {
        { [bell, watch] in
            bell.ring()
            watch.look()
        }
    }

    private func record(_ broker: Broker, _ journal: any Journal) {
        broker.beginRecording(in: journal.segment, segmentSize: configuration.segmentSize)
        broker.heed(segment: journal.segment, JournalGauge(journal))
        // Now, so that the configuration may declare queues of the same names.
        broker.dropTemporaryQueues()
        broker.advance(to: Clock.now())
    }

    // MARK: Files

    private func restoreFromFiles(_ broker: Broker) throws -> any Journal {
        let directory = try StateDirectory(configuration).folder("journal")
        do {
            let disk = try FileDisk(directory: directory)
            let recovery = try Recovery(disk, medium: .files)
            try replay(recovery, into: broker, from: directory)
            return try FileJournal(continuing: recovery, on: disk, settings: fileSettings, advanced: advanced)
        } catch let error as JournalError {
            // Of several brokers on a machine, it is known which one is meant.
            throw Failure(description: "the journal in \(directory): \(error)")
        }
    }

    private var fileSettings: FileSettings {
        var settings = FileSettings()
        settings.segmentSize = UInt64(configuration.segmentSize)
        if configuration.syncEvery > 0 { settings.sync = .every(milliseconds: configuration.syncEvery) }
        return settings
    }

    // MARK: Memory

    private func restoreFromMemory(_ broker: Broker, _ kept: [InheritedDescriptor]) throws -> any Journal {
        do {
            return try goOnInMemory(broker, kept)
        } catch let error as JournalError {
            throw Failure(description: "\(Self.keptMemory): \(Self.description(of: error))")
        }
    }

    private static let keptMemory = "the service manager's store"

    /// Where the journal is, for people.
    static func place(_ configuration: JournalConfiguration) -> String {
        switch configuration.mode {
        case .none: ""
        case .memory: keptMemory
        case .disk: (try? StateDirectory(configuration)).map { "\($0.path)/journal" } ?? ""
        }
    }

    /// What is kept for us is no file that `martletd journal` could be pointed at.
    private static func description(of error: JournalError) -> String {
        switch error {
        case .rotten, .unreadable, .missing:
            "\(error.finding). `systemctl stop` drops all of it, and the next start begins with nothing; before that, "
                + "root can copy it into files and repair them (see \"Under `memory`\" in Durability)"
        case .newerVersion, .repairUnfinished, .locked, .unusable: error.description
        }
    }

    private func goOnInMemory(_ broker: Broker, _ kept: [InheritedDescriptor]) throws -> any Journal {
        guard supervisor.isPresent else {
            throw Failure(description: "durability \(Surroundings.noKeeper)")
        }
        guard let dump else { preconditionFailure("under memory there is a place for a dump") }
        let keeper = StoreKeeper(store: DescriptorStore(supervisor))
        // An earlier start was interrupted while it read the dump: what it had stored is less than all of it.
        let isBegun = try dump.isBeingMoved()
        if isBegun { try drop(kept, keeper) }
        let inherited = isBegun ? [] : kept
        let store = try MemfdStore(inherited: inherited.map { ($0.name, $0.number) }, keeper: keeper)
        for oddity in store.oddities { log.warning("\(oddity)") }
        let recovery = try Recovery(store, medium: .memory)
        var settings = MemfdSettings()
        settings.segmentSize = UInt64(configuration.segmentSize)
        settings.maximumDescriptors = configuration.maxDescriptors
        let isKept = !recovery.segments.isEmpty
        let hasDump = try !isKept && dump.exists()
        if isKept {
            try replay(recovery, into: broker, from: Self.keptMemory)
        } else if hasDump {
            try dump.read { try replay($0, into: broker, from: dump.movingPath) }
            _ = try recovery.replay { _, _ in }
        } else {
            _ = try recovery.replay { _, _ in }
        }
        let journal = try MemfdJournal(continuing: recovery, on: store, settings: settings, advanced: advanced)
        if hasDump { try dump.move(broker, into: journal, segmentSize: configuration.segmentSize) }
        try dump.remove()
        return journal
    }

    private func drop(_ kept: [InheritedDescriptor], _ keeper: StoreKeeper) throws {
        for descriptor in kept {
            try keeper.remove(name: descriptor.name)
            descriptor.close()
        }
    }

    // MARK: Reading

    private func replay(_ recovery: Recovery, into broker: Broker, from place: String) throws {
        guard let first = recovery.segments.first else {
            _ = try recovery.replay { _, _ in }
            return
        }
        let began = Clock.now().monotonic
        broker.beginReplay(firstSegment: first.number)
        let summary: ReplaySummary
        var progress = StartProgress("recovering")
        do {
            let tell: (ReplayProgress) -> Void = { report($0, &progress) }
            summary = try recovery.replay(progress: tell) { try broker.replay($0, segment: $1) }
        } catch let defect as RecordDefect {
            throw Failure(description: "\(place) holds an entry that means nothing: \(defect)")
        }
        let now = Clock.now()
        let losses = broker.endReplay(now: now, grace: configuration.leaseGrace)
        if let tear = summary.tear { log.log(.journalTorn, .warning, "\(tear)") }
        warn(of: losses)
        let figures = "\(summary.entries) entries, \(summary.bytes) bytes, \(now.monotonic - began) ms"
        log.log(.recovered, .info, "recovered from \(place): \(figures)")
    }

    private func warn(of losses: ReplayLosses) {
        if losses.misfits > 0 {
            log.warning("\(losses.misfits) records are about what is not there, as after a repair; they were left out")
        }
        for name in losses.renamedQueues {
            log.warning("a queue's name and settings are lost, as after a repair: its messages are in \(name) now")
        }
    }

    /// Keeps a service manager patient that would otherwise take a long recovery for a hang.
    private func report(_ replayed: ReplayProgress, _ progress: inout StartProgress) {
        let (done, total) = (Int(replayed.bytes), Int(replayed.total))
        guard let notice = progress.notice(done: done, of: total, now: Clock.now().monotonic) else { return }
        supervisor.tell(notice)
        if done < total { log.info("recovering: \(done) of \(total) bytes read") }
    }
}

/// The service manager's store, for segments of the journal.
private struct StoreKeeper: DescriptorKeeper {
    private static let patience: UInt64 = 5_000_000
    let store: DescriptorStore

    func push(_ descriptor: Int32, name: String) throws { try store.push(descriptor, name: name) }
    func remove(name: String) throws { try store.remove(name: name) }
    func barrier() throws { try store.barrier(microseconds: Self.patience) }
}
