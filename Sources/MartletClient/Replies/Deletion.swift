/// What became of a deletion of several messages.
public struct Deletion: Equatable, Sendable {
    /// How many were deleted.
    public let deleted: Int
    /// Those that could not be.
    public let failed: [Failure]

    public struct Failure: Equatable, Sendable {
        public let message: MessageReference
        public let code: MartletError.Code
    }

    init(_ reply: Reply) throws {
        deleted = try reply.integer("deleted")
        failed = (reply.object["failed"]?.elements ?? []).compactMap { $0.object.flatMap(Failure.init) }
    }
}

extension Deletion.Failure {
    init?(_ object: JSONObject) {
        let code = MartletError.Code(rawValue: object["error"]?.string ?? "internal")
        if let id = object["id"]?.integer {
            self.init(message: .id(id), code: code)
        } else if let receipt = object["receipt"]?.string {
            self.init(message: .receipt(receipt), code: code)
        } else {
            return nil
        }
    }
}
