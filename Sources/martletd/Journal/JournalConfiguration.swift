import MartletBroker

/// What an administrator sets about what outlives what.
struct JournalConfiguration: Equatable, Sendable {
    enum Mode: String, CaseIterable, Sendable { case none, memory, disk }
    enum FailureResponse: String, CaseIterable, Sendable { case serve, exit }

    var mode = Mode.none
    /// Where files are; empty for the service's state directory.
    var directory = ""
    /// Milliseconds between two syncs; 0 for a sync before each reply.
    var syncEvery = 0
    var segmentSize = 16 << 20
    var maxDescriptors = 64
    /// Milliseconds.
    var leaseGrace = 10_000
    var dumpsOnStop = true
    var onFailure = FailureResponse.serve

    /// What replies promise.
    var durability: Durability {
        switch mode {
        case .none: .none
        case .memory: .memory
        case .disk: .disk(syncedEvery: syncEvery == 0 ? nil : syncEvery)
        }
    }
}
