/// What a replay has found to be lost: nothing, unless the journal was repaired.
package struct ReplayLosses: Equatable, Sendable {
    /// Records that did not fit what was known, and were left out.
    package let misfits: Int
    /// Queues whose name and settings were lost, by the names that they have now. What was in them is there.
    package let renamedQueues: [String]

    package init(misfits: Int, renamedQueues: [String]) {
        self.misfits = misfits
        self.renamedQueues = renamedQueues
    }

    package var isEmpty: Bool { misfits == 0 && renamedQueues.isEmpty }
}
