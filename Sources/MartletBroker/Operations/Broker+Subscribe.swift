import MartletProtocol

// `subscribe` and `unsubscribe`: messages are pushed as long as the subscription has credit.
extension Broker {
    func subscribe(_ request: Request, _ session: Session) throws(Failure) {
        guard session.subscriptionCount < settings.limits.maxSubscriptions else {
            throw Failure(
                .tooMany,
                "this connection has \(session.subscriptionCount) subscriptions, as many as it may have"
            )
        }
        let named = try queuesForUse(request)
        commitPlan()
        session.lastSubscription += 1
        let consumer = Consumer(
            kind: .subscription,
            session: session.index,
            number: session.lastSubscription,
            max: 1,
            credit: request.integer(.credit) ?? 100,
            lease: request.integer(.lease) ?? -1,
            keep: request.flag(.keep),
            autoDelete: request.flag(.autoDelete),
            namesQueue: true
        )
        _ = add(consumer, to: named, of: session)
        reply.append(",\"subscription\":")
        reply.append(integer: session.lastSubscription)
    }

    func unsubscribe(_ request: Request, _ session: Session) throws(Failure) {
        let number = request.integer(.subscription) ?? 0
        let found = consumers(of: session).first {
            consumers[$0].kind == .subscription && consumers[$0].number == number
        }
        guard let slot = found else {
            throw Failure(.badRequest, "`subscription`: this connection has no subscription \(number)")
        }
        forgetCredit(of: slot)
        remove(slot)
    }
}
