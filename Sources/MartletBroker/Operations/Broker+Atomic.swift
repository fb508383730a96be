import MartletProtocol

// `atomic`: several requests that happen all, or none.
//
// Each is decided in turn, knowing from the plan what those before it will do; the first that fails takes the plan with
// it. Only then is anything applied, in one go, so no one sees a part of it.
extension Broker {
    func atomic(_ request: Request, _ session: Session) throws(Failure) {
        plan.isCompound = true
        reply.append(",\"results\":[")
        for (index, part) in request.requests(.requests).enumerated() {
            reply.append(index == 0 ? "{\"ok\":true" : ",{\"ok\":true")
            do throws(Failure) {
                _ = try carryOut(part, for: session)
                try checkSizeOfPlan()
            } catch {
                var failure = error
                failure.index = index
                throw failure
            }
            reply.append("}")
        }
        try checkRoomForPlan()
        reply.append("]")
    }

    private func checkSizeOfPlan() throws(Failure) {
        let count = plan.messageCount
        guard count <= settings.limits.maxBatch else {
            throw tooMany("up to here it is about \(count.counted("message"))")
        }
        try checkSizeOfEntry()
    }

    /// What happens as a whole is one entry of the journal. Bodies stand in the line, but what else a message shows is
    /// recorded with each copy of it.
    func checkSizeOfEntry() throws(Failure) {
        guard recorder.isOn, plan.size > plan.maximumSize else { return }
        let sentence = "the journal takes at most \(plan.maximumSize) bytes of what happens at once, besides bodies"
        throw Failure(.tooLarge, sentence + ": send less at once, or with smaller headers")
    }

    /// What happens as a whole keeps everybody waiting, so it is only so much.
    func tooMany(_ sentence: String) -> Failure {
        let maximum = settings.limits.maxBatch.counted("message")
        return Failure(.tooMany, "\(sentence), and what happens at once may concern at most \(maximum) (max_batch)")
    }
}
