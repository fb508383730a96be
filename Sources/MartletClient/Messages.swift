/// The messages of a queue as they come, from ``Client/messages(queue:credit:lease:keep:autoDelete:)``.
///
/// Each iteration is a subscription of its own. It begins when the first message is asked for, is renewed when the
/// connection is made again, and ends when the loop is left or its task cancelled: messages that the loop has not
/// seen then go back to their queue, uncounted. With `autoDelete` they are lost: that is what at most once means.
///
/// A connection that is lost takes its leases with it (unless they were taken with `keep`), so messages that the loop
/// has not seen are forgotten here and delivered again by the server.
public struct Messages: AsyncSequence, Sendable {
    let client: Client
    let order: Subscription.Order

    public func makeAsyncIterator() -> Iterator {
        Iterator(client: client, order: order)
    }

    public struct Iterator: AsyncIteratorProtocol {
        private let client: Client
        private let order: Subscription.Order
        private var attendance: Attendance?

        init(client: Client, order: Subscription.Order) {
            self.client = client
            self.order = order
        }

        /// The next message; nil when the client was closed or the task cancelled.
        ///
        /// - Throws: ``MartletError`` if the server refuses the subscription, ``ConnectionError`` if there is no
        ///   connection any more.
        public mutating func next() async throws -> Message? {
            let attendance = attendance ?? Attendance(client, order)
            self.attendance = attendance
            return try await attendance.next()
        }
    }

    /// Ends the subscription when the loop that reads it is gone.
    private final class Attendance: Sendable {
        private let client: Client
        private let subscription: Subscription

        init(_ client: Client, _ order: Subscription.Order) {
            self.client = client
            subscription = Subscription(order)
            client.wire.open(subscription)
        }

        deinit { client.wire.close(subscription) }

        func next() async throws -> Message? {
            let object = try await withTaskCancellationHandler {
                try await subscription.next { client.wire.resume(subscription) }
            } onCancel: {
                client.wire.close(subscription)
            }
            guard let object else { return nil }
            return try Message(object, queue: subscription.order.queues.first, client: client)
        }
    }
}
