import Testing

@testable import MartletServer

/// When there are more workers, and when fewer.
struct SpreadTests {
    private var spread = Spread.asNeeded
    private var now = 1_000_000

    /// A window of a worker that never rests, or waits for a processor.
    private mutating func heed(
        busy: Double = 1,
        delayed: Double = 0,
        loops: Int = 2,
        of worker: Int = 0,
        ofLoops all: Int = 4
    ) -> Bool {
        let begin = now
        now += Spread.windowLength
        let window = Spread.Window(begin: begin, end: now, busy: busy, delayed: delayed, loops: loops)
        return spread.heed(window, of: worker, loops: all)
    }

    /// Two windows in which a worker waits for a processor.
    private mutating func heedScarcity(of worker: Int = 0) -> Bool {
        #expect(!heed(busy: 0.7, delayed: 0.3, of: worker))
        return heed(busy: 0.7, delayed: 0.3, of: worker)
    }

    private mutating func heedSaturation(windows: Int = 5, ofLoops loops: Int = 4) -> Int {
        for _ in 0..<windows { _ = heed(ofLoops: loops) }
        return spread.workers
    }

    @Test mutating func oneWorkerIsEnoughUntilItNeverRests() {
        for _ in 0..<4 { #expect(!heed()) }
        #expect(!heed(busy: 0.8))
        for _ in 0..<4 { #expect(!heed()) }
        #expect(spread.workers == 1)
        #expect(heed())
        #expect(spread.workers == 2)
    }

    @Test mutating func oneLoopIsNotDivided() {
        for _ in 0..<10 { #expect(!heed(loops: 1)) }
    }

    @Test mutating func thereIsAtMostOneWorkerALoop() {
        #expect(heedSaturation(ofLoops: 3) == 2)
        #expect(heedSaturation(ofLoops: 3) == 3)
        #expect(heedSaturation(windows: 50, ofLoops: 3) == 3)
    }

    @Test mutating func theWindowsOfOneWorkerAreCountedAlone() {
        for _ in 0..<4 {
            #expect(!heed(of: 0))
            #expect(!heed(busy: 0.1, of: 1))
        }
        #expect(heed(of: 0))
    }

    @Test mutating func waitingForAProcessorIsNoReasonForMoreWorkers() {
        for _ in 0..<10 { #expect(!heed(busy: 0.9, delayed: 0.1)) }
        #expect(spread.workers == 1)
    }

    @Test mutating func workersThatWaitForAProcessorBecomeFewer() {
        #expect(heedSaturation() == 2)
        #expect(heedSaturation() == 4)
        #expect(heedScarcity(of: 3))
        #expect(spread.workers == 2)
        #expect(heedScarcity(of: 1))
        #expect(spread.workers == 1)
    }

    @Test mutating func oneMomentOfWaitingIsNotScarcity() {
        #expect(heedSaturation() == 2)
        for _ in 0..<10 {
            #expect(!heed(busy: 0.7, delayed: 0.3, of: 0))
            #expect(!heed(busy: 0.7, delayed: 0.3, of: 1))
            #expect(!heed(of: 0))
            #expect(!heed(busy: 0.7, of: 1))
        }
        #expect(spread.workers == 2)
    }

    /// Becoming fewer in steps is the end of one trial, not of several.
    @Test mutating func aSlumpIsOneTrialThatFailed() {
        for _ in 0..<3 { _ = heedSaturation(ofLoops: 8) }
        #expect(spread.workers == 8)
        for workers in [4, 2, 1] {
            #expect(heedScarcity())
            #expect(spread.workers == workers)
        }
        let end = now
        while spread.workers == 1 { _ = heed(ofLoops: 8) }
        // Half a second from the first step down.
        #expect(now - end == 420)
    }

    @Test mutating func whatWasSeenBeforeAChangeDoesNotCountAfterIt() {
        #expect(heedSaturation() == 2)
        let early = Spread.Window(begin: now - 10, end: now + 10, busy: 0.5, delayed: 0.5, loops: 2)
        let heeded = spread.heed(early, of: 1, loops: 4)
        #expect(!heeded)
    }

    /// Of two loops: how long until two workers are tried again after each trial that failed.
    @Test mutating func trialsThatFailBecomeRare() {
        var pauses: [Int] = []
        for _ in 0..<6 {
            _ = heedScarcity()
            let end = now
            while spread.workers == 1 { _ = heed(ofLoops: 2) }
            pauses.append(now - end)
        }
        #expect(pauses == [100, 500, 2000, 8000, 30_000, 30_000])
    }

    @Test mutating func aTrialThatWentWellMakesPausesShortAgain() {
        #expect(heedSaturation() == 2)
        now += 2000
        #expect(heedScarcity())
        let end = now
        while spread.workers == 1 { _ = heed() }
        #expect(now - end == 500)
    }

    @Test mutating func aFixedNumberStays() {
        spread = .over(2)
        for _ in 0..<10 { #expect(!heed()) }
        #expect(!heedScarcity())
        #expect(spread.workers == 2)
    }
}
