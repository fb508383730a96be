import Testing

@testable import MartletSystemd

struct StartProgressTests {
    private func notice(_ status: String) -> ServiceNotice {
        .extendingStart(microseconds: StartProgress.respite, status: status)
    }

    @Test func saysHowFarItIs() {
        var progress = StartProgress("recovering")
        #expect(progress.notice(done: 0, of: 300, now: 1000) == notice("recovering: 0 %"))
        #expect(progress.notice(done: 200, of: 300, now: 2000) == notice("recovering: 66 %"))
        #expect(progress.notice(done: 301, of: 300, now: 3000) == notice("recovering: 100 %"))
        #expect(progress.notice(done: 7, of: 0, now: 4000) == notice("recovering"))
    }

    @Test func keepsACalmPace() {
        var progress = StartProgress("recovering")
        let told = (0..<10_000).compactMap { progress.notice(done: $0, of: 10_000, now: $0) }
        #expect(told.count == 10_000 / StartProgress.pace)
    }

    /// Three steps in a row may take the whole pace, and the manager still waits.
    @Test func asksForFarMoreThanItsPace() {
        #expect(StartProgress.respite > UInt64(StartProgress.pace) * 1000 * 10)
    }
}
