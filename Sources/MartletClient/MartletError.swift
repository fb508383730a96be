/// What the server answers to a request it refuses: a code for programs and a sentence for people.
///
/// Nothing was changed by the request. Where the answer is certain beforehand, the library refuses in the same way.
///
///     do {
///         try await message.delete()
///     } catch let error as MartletError where error.code == .leaseLost {
///         // Someone else has the message by now.
///     }
public struct MartletError: Error, Equatable, Sendable {
    public let code: Code
    /// One sentence for a person.
    public let reason: String
    /// Which request of an atomic group or message of a batch was refused, where the server says so.
    public let index: Int?

    public init(code: Code, reason: String, index: Int? = nil) {
        self.code = code
        self.reason = reason
        self.index = index
    }
}

extension MartletError: CustomStringConvertible {
    public var description: String {
        let place = index.map { " (request \($0))" } ?? ""
        return reason.isEmpty ? "\(code)\(place)" : "\(code)\(place): \(reason)"
    }
}

extension MartletError {
    /// The `error` of a reply. Not an enumeration, because a newer server may know codes that this library does not.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        public let rawValue: String

        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        public var description: String { rawValue }

        public static let badJSON = Code(rawValue: "bad_json")
        public static let badRequest = Code(rawValue: "bad_request")
        public static let unknownOperation = Code(rawValue: "unknown_op")
        public static let tooLarge = Code(rawValue: "too_large")
        public static let noQueue = Code(rawValue: "no_queue")
        public static let noMessage = Code(rawValue: "no_message")
        public static let leaseLost = Code(rawValue: "lease_lost")
        public static let notLeased = Code(rawValue: "not_leased")
        public static let queueFull = Code(rawValue: "queue_full")
        public static let memoryFull = Code(rawValue: "memory_full")
        public static let paused = Code(rawValue: "paused")
        public static let unroutable = Code(rawValue: "unroutable")
        public static let unauthenticated = Code(rawValue: "unauthenticated")
        public static let forbidden = Code(rawValue: "forbidden")
        public static let tooMany = Code(rawValue: "too_many")
        public static let draining = Code(rawValue: "draining")
        public static let notDurable = Code(rawValue: "not_durable")
        public static let `internal` = Code(rawValue: "internal")
    }
}
