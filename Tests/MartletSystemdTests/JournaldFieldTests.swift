import Testing

@testable import MartletSystemd

struct JournaldFieldTests {
    @Test func metadataBecomesFieldsOfOurs() {
        #expect(JournaldField(metadataKey: "queue", value: "jobs").text == "MARTLET_QUEUE=jobs")
        #expect(JournaldField(metadataKey: "dead-letter.queue", value: "x").text == "MARTLET_DEAD_LETTER_QUEUE=x")
    }

    @Test func aCataloguedEventIsAMessageID() {
        let field = JournaldField(metadataKey: "message_id", value: CataloguedEvent.started.rawValue)
        #expect(field.text == "MESSAGE_ID=\(CataloguedEvent.started.rawValue)")
    }

    @Test func longValuesAreCut() {
        let field = JournaldField("MESSAGE", String(repeating: "x", count: 5000))
        #expect(field.text.utf8.count == "MESSAGE=".utf8.count + JournaldField.maximumValue + "…".utf8.count)
    }

    @Test func namesStayWithinWhatJournaldTakes() {
        let field = JournaldField(metadataKey: String(repeating: "a", count: 100), value: "")
        #expect(field.text.utf8.count - 1 == 64)
    }
}
