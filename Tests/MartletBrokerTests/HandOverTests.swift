import Testing

@testable import MartletBroker

/// More messages at once than one go hands over.
@Suite struct HandOverTests {
    private let engine = Engine()

    /// Everything comes, each queue's in order, and whoever has nothing to get does not keep the broker busy.
    @Test(arguments: 1...4)
    func whatOneGoLeavesFollowsInTheNext(handOversAtOnce: Int) {
        engine.broker.handOversAtOnce = handOversAtOnce
        let (producer, consumer, other) = (engine.connect(), engine.connect(), engine.connect())
        for queue in ["a", "b"] {
            producer.send(#"{"op":"declare","queue":"\#(queue)"}"#)
            producer.send(#"{"op":"pause","queue":"\#(queue)","direction":"receive"}"#)
            for body in 1...9 { producer.send(#"{"op":"send","queue":"\#(queue)","body":\#(body)}"#) }
        }
        consumer.send(#"{"op":"subscribe","queues":["a","b"],"auto_delete":true}"#)
        other.send(#"{"op":"receive","queue":"empty","wait":60}"#)
        producer.send(
            #"{"op":"atomic","requests":[{"op":"send","queue":"a","body":10},{"op":"send","queue":"b","body":10}]}"#
        )
        engine.handleAtOnce(
            [
                #"{"op":"resume","queue":"a","direction":"receive"}"#,
                #"{"op":"resume","queue":"b","direction":"receive"}"#,
            ],
            from: producer
        )
        let events = consumer.takeLines()
        for queue in ["a", "b"] {
            let bodies = events.filter { $0.contains(#""queue":"\#(queue)""#) }.compactMap {
                $0.split(separator: ":").last
            }
            #expect(bodies == (1...10).map { "\($0)}" })
        }
        #expect(engine.broker.unserved.isEmpty)
        #expect(engine.firstBrokenInvariant == nil)
        #expect(other.send(#"{"op":"ping"}"#).isEmpty, "its receive still waits")
    }

    /// A go that finds nothing to give is over.
    @Test func whoGetsNothingIsNotAskedAgain() {
        engine.broker.handOversAtOnce = 1
        let (producer, consumer) = (engine.connect(), engine.connect())
        producer.send(#"{"op":"declare","queue":"slow","rate":1}"#)
        consumer.send(#"{"op":"subscribe","queue":"slow","auto_delete":true}"#)
        for body in 1...3 { producer.send(#"{"op":"send","queue":"slow","body":\#(body)}"#) }
        #expect(engine.broker.unserved.isEmpty)
        engine.pass(2_000)
        #expect(consumer.takeLines().count == 3)
    }
}
