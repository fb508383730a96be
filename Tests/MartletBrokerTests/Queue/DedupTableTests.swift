import Testing

@testable import MartletBroker

@Suite struct DedupTableTests {
    @Test func aKeyIsKnownForItsWindow() {
        var table = DedupTable()
        table.insert(bytes: "k", id: 7, window: 100, now: 1_000, segment: 1)
        #expect(table.id(ofBytes: "k", window: 100, now: 1_099) == 7)
        #expect(table.id(ofBytes: "k", window: 100, now: 1_100) == nil)
        #expect(table.id(ofBytes: "other", window: 100, now: 1_000) == nil)
    }

    @Test func aKeyThatComesAgainIsKnownFromThenOn() {
        var table = DedupTable()
        table.insert(bytes: "k", id: 1, window: 100, now: 0, segment: 1)
        table.insert(bytes: "k", id: 2, window: 100, now: 100, segment: 1)
        // The first is forgotten on the way; it must not take the second with it.
        for step in 0..<10 { table.insert(bytes: "x\(step)", id: 3 + step, window: 100, now: 150, segment: 1) }
        #expect(table.id(ofBytes: "k", window: 100, now: 199) == 2)
    }

    @Test func oldKeysAreForgottenAsNewOnesCome() {
        var table = DedupTable()
        for step in 0..<50_000 { table.insert(bytes: "k\(step)", id: step, window: 100, now: step, segment: 1) }
        #expect(table.count <= 101)
        #expect(table.id(ofBytes: "k49950", window: 100, now: 49_999) == 49_950)
    }
}

extension DedupTable {
    fileprivate mutating func insert(bytes key: String, id: Int, window: Int, now: Int, segment: UInt32) {
        var key = key
        key.withUTF8 {
            let key = UnsafeRawBufferPointer($0)
            insert(key, keyHash(key), id: id, window: window, now: now, segment: segment)
        }
    }

    fileprivate func id(ofBytes key: String, window: Int, now: Int) -> Int? {
        var key = key
        return key.withUTF8 {
            let key = UnsafeRawBufferPointer($0)
            return id(of: key, keyHash(key), window: window, now: now)
        }
    }
}
