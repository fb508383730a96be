import CLinux
import Glibc
import MartletDisk
import MartletJournal
import Testing

@Suite struct MemfdJournalTests {
    private let keeper = KeeperDouble()
    private let signal = Signal()

    private static var small: MemfdSettings {
        var settings = MemfdSettings()
        settings.segmentSize = 4096
        settings.slack = 0
        return settings
    }

    /// With memory behind each segment.
    private static var slack: MemfdSettings {
        var settings = small
        settings.slack = 40_000
        return settings
    }

    @Test func whatWasAppendedIsDurableAtOnceAndThereInTheNextRun() throws {
        try run(after: []) { journal in
            let position = journal.append([1, 2, 3], [4])
            #expect(journal.durable == position)
            #expect(journal.append([5]) == journal.durable)
        }
        try run(after: [[1, 2, 3], [4], [5]]) { $0.append([6]) }
        try run(after: [[1, 2, 3], [4], [5], [6]]) { _ in }
        #expect(keeper.names.first == "martlet-journal-1-00000001")
    }

    @Test func manySegmentsAreHandedOverInOrder() throws {
        let payloads = (0..<500).map { [UInt8](repeating: UInt8($0 % 251), count: 1 + $0 % 300) }
        try run(after: [], Self.small) { journal in
            var position: UInt64 = 0
            for payload in payloads { position = journal.append(payload) }
            #expect(signal.wait { journal.durable == position })
            #expect(journal.figures.segments > 10)
        }
        try run(after: payloads, Self.small) { _ in }
    }

    @Test func anAppendLargerThanASegmentHasOneForItself() throws {
        let large = [UInt8](repeating: 3, count: 50_000)
        try run(after: [], Self.small) { journal in
            journal.append([1])
            journal.append(large)
            let position = journal.append([2])
            #expect(signal.wait { journal.durable == position })
        }
        try run(after: [[1], large, [2]], Self.small) { _ in }
    }

    /// The memory behind a segment takes what comes before there is another one, or is too large for what is left.
    @Test(arguments: [400, 20_000]) func withoutANextSegmentNothingWaits(_ large: Int) throws {
        var payloads: [[UInt8]] = []
        try run(after: [], Self.slack) { journal in
            #expect(signal.wait { journal.figures.spares == 1 })
            keeper.isRefusing = true
            while journal.figures.segments == 1 { append(100, to: journal, &payloads) }
            #expect(signal.wait { keeper.refusals > 0 })
            append(large, to: journal, &payloads)
            let current = journal.segment
            // Whoever appends asks before each, and has gone too far at last.
            while journal.condition == .ready { append(100, to: journal, &payloads) }
            for _ in 0..<50 {
                append(100, to: journal, &payloads)
                #expect(journal.figures.segments == 2 && journal.segment == current)
            }
            #expect(journal.condition == .full && journal.figures.room == 0)
        }
        // The next run goes on there, and in a segment of its own as soon as there may be one.
        try run(after: payloads, Self.slack) { journal in
            append(100, to: journal, &payloads)
            #expect(journal.figures.segments == 2)
            keeper.isRefusing = false
            #expect(signal.wait { journal.condition == .ready && journal.figures.spares == 1 })
            for _ in 0..<2 { append(100, to: journal, &payloads) }
            #expect(journal.figures.segments == 3)
        }
        try run(after: payloads, Self.slack) { _ in }
    }

    /// It goes into the next one, which has been there before, and that has taken all of it when the append returns.
    @Test func anAppendLargerThanASegmentWaitsForNothing() throws {
        var payloads: [[UInt8]] = []
        try run(after: [], Self.slack) { journal in
            #expect(signal.wait { journal.figures.spares == 1 })
            keeper.isRefusing = true
            append(100, to: journal, &payloads)
            append(40_000, to: journal, &payloads)
            #expect(journal.figures.segments == 2)
        }
        try run(after: payloads, Self.slack) { _ in }
    }

    /// Appends, and expects it to be durable at once.
    private func append(_ count: Int, to journal: MemfdJournal, _ payloads: inout [[UInt8]]) {
        payloads.append([UInt8](repeating: UInt8(payloads.count % 251), count: count))
        let position = journal.append(payloads[payloads.count - 1])
        #expect(journal.durable == position)
    }

    @Test func theFirstAppendMayBeLargerThanASegment() throws {
        let large = [UInt8](repeating: 3, count: 50_000)
        try run(after: [], Self.small) { journal in
            let position = journal.append(large)
            #expect(signal.wait { journal.durable == position })
        }
        try run(after: [large], Self.small) { _ in }
    }

    @Test func cutSegmentsAreForgottenByTheKeeper() throws {
        try run(after: [], Self.small) { journal in
            for number in 0..<2000 as Range<UInt64> {
                let position = journal.append([UInt8](repeating: UInt8(number % 200), count: 100))
                #expect(signal.wait { journal.durable == position })
                journal.cut(before: journal.segment)
            }
            #expect(signal.wait { journal.figures.segments == 1 && journal.figures.spares == 1 })
            #expect(signal.wait { keeper.names.count == 2 })
        }
        #expect(keeper.barriers > 10)
    }

    @Test func segmentsGrowSoThatTheKeeperIsNeverOverrun() throws {
        var settings = Self.small
        settings.maximumDescriptors = 16
        try run(after: [], settings) { journal in
            for _ in 0..<3000 {
                let position = journal.append([UInt8](repeating: 1, count: 100))
                #expect(signal.wait { journal.durable == position })
            }
            #expect(journal.condition == .ready && journal.figures.segments < 12)
        }
        #expect(keeper.highest <= 16)
    }

    /// A thousand segments' worth is put aside while the keeper does not answer, and goes into few.
    @Test func appendsThatRunFarAheadDoNotOverrunTheKeeperEither() throws {
        let payload = [UInt8](repeating: 5, count: 4000)
        try run(after: [], Self.small) { journal in
            keeper.isRefusing = true
            var position: UInt64 = 0
            for _ in 0..<1000 { position = journal.append(payload) }
            #expect(journal.durable < position)
            keeper.isRefusing = false
            #expect(signal.wait { journal.durable == position })
        }
        #expect(keeper.highest < 64)
        try run(after: Array(repeating: payload, count: 1000), Self.small) { _ in }
    }

    @Test func withoutTheKeepersWordNothingIsDurableInANewSegment() throws {
        var position: UInt64 = 0
        var payloads: [[UInt8]] = []
        try run(after: [], Self.small) { journal in
            #expect(signal.wait { journal.figures.spares == 1 })
            keeper.isRefusing = true
            while journal.condition == .ready, payloads.count < 1000 {
                payloads.append([UInt8](repeating: UInt8(payloads.count % 250), count: 300))
                position = journal.append(payloads[payloads.count - 1])
            }
            #expect(signal.wait { journal.condition == .full })
            for _ in 0..<30 {
                payloads.append([9])
                position = journal.append([UInt8](repeating: 9, count: 1), [UInt8](repeating: 8, count: 400))
                payloads.append([UInt8](repeating: 8, count: 400))
            }
            #expect(journal.durable < position)
            // The segment that appends go to now is not there, however much would fit into it.
            #expect(journal.condition == .full && journal.figures.room == 0)
            #expect(keeper.names.count <= journal.figures.segments + 1)
            keeper.isRefusing = false
            #expect(signal.wait { journal.durable == position && journal.condition == .ready })
        }
        try run(after: payloads, Self.small) { _ in }
    }

    /// The append that leaves too little room is durable at once: nothing but the condition is there to be announced.
    @Test func thatItIsFullIsAnnouncedWhenAnAppendHasMadeItSo() throws {
        let payload = [UInt8](repeating: 1, count: 100)
        try run(after: [], Self.small) { journal in
            #expect(signal.wait { journal.figures.spares == 1 })
            keeper.isRefusing = true
            while journal.figures.segments < 2 { journal.append(payload) }
            #expect(signal.wait { keeper.refusals > 0 && journal.figures.shortage.contains("keep martlet-journal-") })
            let before = signal.announcements
            #expect(journal.condition == .ready)
            while journal.condition == .ready { journal.append(payload) }
            #expect(journal.durable == journal.written)
            #expect(signal.wait { signal.announcements > before })
        }
    }

    /// There is no next segment as there may be no more of them: that is said without anybody appending.
    @Test func withAllDescriptorsUsedItIsFullFromTheStart() throws {
        var settings = Self.small
        settings.maximumDescriptors = 8
        let payload = [UInt8](repeating: 1, count: 100)
        var payloads: [[UInt8]] = []
        try run(after: [], settings) { journal in
            while journal.condition == .ready, payloads.count < 100_000 {
                let position = journal.append(payload)
                payloads.append(payload)
                #expect(signal.wait { journal.durable == position || journal.condition == .full })
            }
        }
        let before = signal.announcements
        try run(after: payloads, settings) { journal in
            #expect(signal.wait { journal.condition == .full && signal.announcements > before })
            #expect(journal.figures.shortage.contains("max_descriptors"))
        }
    }

    /// Every byte of a segment, as it was when the process stopped before the store that makes an append valid.
    @Test func anAppendThatWasNotFinishedIsNotThere() throws {
        try run(after: []) { journal in
            journal.append([1])
            journal.append([2], [3])
        }
        let descriptor = try #require(keeper.inherited().first).descriptor
        defer { close(descriptor) }
        var zero: UInt32 = 0
        pwrite(descriptor, &zero, 4, 64 + 9)
        try run(after: [[1]]) { $0.append([4]) }
        try run(after: [[1], [4]]) { _ in }
    }

    @Test func whatDoesNotVerifyIsRotAndNoTornTail() throws {
        try run(after: []) { $0.append([1], [2], [3]) }
        let descriptor = try #require(keeper.inherited().first).descriptor
        defer { close(descriptor) }
        var one: UInt8 = 77
        pwrite(descriptor, &one, 1, 64 + 26)
        let store = try MemfdStore(inherited: keeper.inherited(), keeper: keeper)
        let recovery = try Recovery(store, medium: .memory)
        let error = try #require(throws: JournalError.self) { try recovery.payloads() }
        guard case .rotten("00000001.segment", 82, _) = error else {
            Issue.record("\(error)")
            return
        }
        let report = try JournalCheck.run(store, medium: .memory)
        #expect(report.entries == 2)
    }

    @Test func whatIsNotOursIsLeftAloneAndReported() throws {
        let foreign = memfd("client-socket-1")
        let copies = keeper.inherited() + [("client-socket-1", foreign), ("martlet-journal-1-1", foreign)]
        let store = try MemfdStore(inherited: copies, keeper: keeper)
        #expect(store.oddities == [.foreign(name: "client-socket-1"), .foreign(name: "martlet-journal-1-1")])
        #expect(fcntl(foreign, F_GETFD) >= 0)
        close(foreign)
    }

    @Test func theSameTwiceIsTakenOnce() throws {
        try run(after: []) { $0.append([1]) }
        let store = try MemfdStore(inherited: keeper.inherited() + keeper.inherited(), keeper: keeper)
        #expect(store.oddities.count == keeper.names.count)
        #expect(try Recovery(store, medium: .memory).payloads() == [[1]])
    }

    @Test func twoDifferentSegmentsOfOneNameAreNotDecidedUpon() throws {
        try run(after: []) { $0.append([1]) }
        let other = KeeperDouble()
        let store = try MemfdStore(inherited: [], keeper: other)
        let recovery = try Recovery(store, medium: .memory)
        _ = try recovery.payloads()
        try MemfdJournal(continuing: recovery, on: store) {}.close()
        #expect(throws: JournalError.self) {
            try MemfdStore(inherited: keeper.inherited() + other.inherited(), keeper: keeper)
        }
    }

    private func memfd(_ name: String) -> Int32 { clinux_create_memory(name) }

    /// Recovers from what the keeper has, expects these payloads, and goes on.
    private func run(
        after expected: [[UInt8]],
        _ settings: MemfdSettings = MemfdSettings(),
        _ body: (MemfdJournal) throws -> Void
    ) throws {
        let store = try MemfdStore(inherited: keeper.inherited(), keeper: keeper)
        let recovery = try Recovery(store, medium: .memory)
        #expect(try recovery.payloads() == expected)
        let signal = signal
        let journal = try MemfdJournal(continuing: recovery, on: store, settings: settings) { signal.announce() }
        defer { journal.close() }
        try body(journal)
    }
}
