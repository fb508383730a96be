import Logging
import MartletBroker
import MartletProtocol
import MartletServer

/// Everything an administrator can set, with its default. The keys in the file stand in `Setting.all`.
struct Configuration: Sendable {
    struct DeclaredQueue: Sendable {
        var name: String
        var patch: QueueSettingsPatch
    }

    struct DeclaredBinding: Equatable, Sendable {
        var queue: String
        var topic: String
    }

    var listen: [SocketAddress] = [.internet(host: "127.0.0.1", port: 6278)]
    /// Paths of Unix sockets.
    var unix: [String] = []
    /// Permissions of their files.
    var unixMode: UInt32 = 0o660
    /// Event loops; 0 stands for half of the processors, at most four.
    var ioThreads = 0
    var logLevel = Logger.Level.info
    /// Limits, queue defaults and whether queues are created by use.
    var broker = BrokerSettings()
    /// Queues that are there from the start.
    var queues: [DeclaredQueue] = []
    var journal = JournalConfiguration()
    var bindings: [DeclaredBinding] = []

    /// Where settings come from that are no defaults, by their keys.
    var origins: [String: ConfigurationError.Source] = [:]

    init() { broker.version = Version.current }
}
