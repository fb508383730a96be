import Testing

@testable import MartletProtocol

@Suite struct CharacterSetTests {
    @Test func namesAreMadeOfTheseCharactersOnly() {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:/".utf8)
        for byte in UInt8.min...UInt8.max {
            #expect(CharacterSet.topicWord.contains(byte) == letters.contains(byte))
            #expect(CharacterSet.queueName.contains(byte) == (letters.contains(byte) || byte == UInt8(ascii: ".")))
        }
    }
}
