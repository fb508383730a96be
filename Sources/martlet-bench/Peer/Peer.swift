import ArgumentParser

/// The kinds of server that this tool can speak to.
enum Peer: String, CaseIterable, ExpressibleByArgument, Encodable {
    case martlet
    case beanstalkd
    case redisList = "redis-list"
    case redisStream = "redis-stream"
    /// NATS JetStream, a work queue in memory.
    case nats
    /// A server that sends back what it gets, such as `martlet-bench echo`: what the generator and the kernel can do.
    case echo

    var defaultServer: String {
        switch self {
        case .martlet, .echo: "127.0.0.1:6278"
        case .beanstalkd: "127.0.0.1:11300"
        case .redisList, .redisStream: "127.0.0.1:6379"
        case .nats: "127.0.0.1:4222"
        }
    }

    /// Whether many messages fit into one request. Peers that cannot do that get as many requests in flight instead.
    var hasBatches: Bool { self == .martlet || self == .echo }

    /// Whether a send can carry a priority and a delay.
    var hasPriorities: Bool { self == .martlet || self == .beanstalkd }

    /// Whether a queue and what is in it can be dropped by a request; else it has to be received to the end.
    var dropsQueues: Bool { self != .beanstalkd }

    func phrases(for speaker: Speaker) -> Phrases {
        switch self {
        case .martlet: .martlet(speaker)
        case .beanstalkd: .beanstalkd(speaker)
        case .redisList: .redisList(speaker)
        case .redisStream: .redisStream(speaker)
        case .nats: .jetStream(speaker)
        case .echo: .echo(speaker)
        }
    }

    /// Reads the first reply in `bytes`; what it delivers is appended to `handles`. Cost: linear in the reply.
    @inline(__always)
    func read(_ bytes: UnsafeRawBufferPointer, into handles: Handles) -> Reply {
        switch self {
        case .martlet: MartletReply.read(bytes, into: handles)
        case .beanstalkd: BeanstalkdReply.read(bytes, into: handles)
        case .redisList: RedisReply.read(bytes, into: handles, streams: false)
        case .redisStream: RedisReply.read(bytes, into: handles, streams: true)
        case .nats: JetStreamReply.read(bytes, into: handles)
        case .echo: EchoReply.read(bytes, into: handles)
        }
    }
}
