import Testing

@testable import martlet_bench

@Suite struct ScheduleTests {
    @Test func unitsGoToTheConnectionsInTurn() {
        let schedule = Schedule(rate: 1000, unit: 2, connections: 3)
        schedule.start = 5
        #expect(schedule.due(0) == 5)
        #expect(schedule.due(1) == 2_000_005)
        #expect(schedule.due(turn: 2, of: 1) == schedule.due(7))
    }

    /// A flow lets receivers set the pace.
    @Test func aFlowEndsAtItsLimitAndItsQuota() {
        let flow = Flow(limit: 10, quota: 15)
        #expect(flow.take(8) == 8)
        #expect(flow.take(8) == 2)
        #expect(flow.take(8) == 0)
        flow.delivered(10)
        #expect(flow.take(8) == 5)
        #expect(flow.quota == 0)
    }
}
