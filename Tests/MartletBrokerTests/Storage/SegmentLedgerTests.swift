import Testing

@testable import MartletBroker

/// Which segment a message is of, among very many.
@Suite struct SegmentLedgerTests {
    @Test(arguments: [1, 60_000, 1 << 19, UInt32.max - 200_000])
    func aTagNamesItsSegmentAmongVeryMany(first: UInt32) {
        var ledger = SegmentLedger(first: first)
        let oldest = ledger.tag
        ledger.add()
        ledger.advance(to: first + 100_000)
        let newest = ledger.tag
        ledger.add()
        #expect(ledger.segment(of: oldest) == first && ledger.segment(of: newest) == first + 100_000)
        ledger.remove(newest)
        #expect(ledger.messages(in: first) == 1 && ledger.messages(in: first + 100_000) == 0)
        ledger.remove(oldest)
        #expect(ledger.firstInUse == first + 100_000)
        ledger.cut(before: first + 100_000)
        #expect(ledger.count == 1)
    }

    /// The tag shares a byte with other fields.
    @Test func aMessageKeepsItsTagAndTheRest() {
        for segment in [0, 1, 65_535, 65_536, 524_287] as [UInt32] {
            var message = Message(
                id: 1,
                sentAt: 0,
                payload: SegmentStore.Place(segment: 0, offset: 0),
                queue: 1,
                priority: 9,
                hasEnvelope: true,
                segment: SegmentTag(segment)
            )
            for state in Message.State.allCases {
                message.state = state
                message.standing = .heap
                #expect(message.segment.number == segment && message.state == state && message.standing == .heap)
                #expect(message.hasEnvelope && message.priority == 9)
            }
            message.segment = SegmentTag(7)
            #expect(message.segment.number == 7 && message.state == .dead && message.hasEnvelope)
        }
    }
}
