import Testing

@testable import MartletBroker

@Suite struct SegmentStoreTests {
    /// A payload's bytes tell its slot and its length, so that any mix-up shows.
    private static func fill(_ pointer: UnsafeMutableRawPointer, _ length: Int, slot: UInt32) {
        for index in 0..<length {
            pointer.storeBytes(
                of: UInt8(truncatingIfNeeded: Int(slot) &* 31 &+ index),
                toByteOffset: index,
                as: UInt8.self
            )
        }
    }

    private static func isIntact(_ payload: UnsafeRawBufferPointer, _ length: Int, slot: UInt32) -> Bool {
        payload.count == length
            && payload.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: Int(slot) &* 31 &+ $0) }
    }

    @Test func payloadsAreKeptByteForByte() {
        var store = SegmentStore()
        var places: [(SegmentStore.Place, Int)] = []
        for (slot, length) in [0, 1, 7, 8, 100, 65_000, 70_000, 1_000_000, 3].enumerated() {
            let (place, pointer) = store.append(length, of: UInt32(slot))
            Self.fill(pointer, length, slot: UInt32(slot))
            places.append((place, length))
        }
        for (slot, (place, length)) in places.enumerated() {
            let intact = Self.isIntact(store.payload(at: place), length, slot: UInt32(slot))
            #expect(intact, "payload of \(length) bytes")
        }
        for (place, _) in places { store.remove(place) }
        let (live, broken) = (store.liveBytes, store.firstBrokenInvariant)
        #expect(live == 0)
        #expect(broken == nil)
    }

    @Test func memoryGoesBackWhenAllIsGone() {
        var store = SegmentStore()
        let places = (0..<20_000).map { store.append(1_000, of: UInt32($0)).place }
        let full = store.allocatedBytes
        for place in places { store.remove(place) }
        let (empty, broken) = (store.allocatedBytes, store.firstBrokenInvariant)
        #expect(full >= 20_000_000)
        #expect(empty < 2 << 20)
        #expect(broken == nil)
    }

    /// One payload in ten stays: every segment would be held by what is mostly gone.
    @Test func whatIsMostlyGoneIsCopiedTogether() {
        var store = SegmentStore()
        var places: [UInt32: SegmentStore.Place] = [:]
        for slot in 0..<30_000 as Range<UInt32> {
            let (place, pointer) = store.append(400, of: slot)
            Self.fill(pointer, 400, slot: slot)
            places[slot] = place
        }
        for slot in places.keys.sorted() where slot % 10 != 3 {
            if let place = places.removeValue(forKey: slot) { store.remove(place) }
        }
        let before = store.allocatedBytes
        var moved = 0
        while let (slot, place) = store.nextToCompact() {
            // A payload that is gone, or has moved, is passed over.
            guard places[slot] == place else { continue }
            places[slot] = store.relocate(place, of: slot)
            moved += 1
        }
        let (after, live, broken) = (store.allocatedBytes, store.liveBytes, store.firstBrokenInvariant)
        #expect(moved > 0)
        #expect(after < before / 2, "\(after) of \(before) bytes")
        #expect(live == places.count * 408)
        #expect(broken == nil)
        let damaged = places.filter { !Self.isIntact(store.payload(at: $0.value), 400, slot: $0.key) }
        #expect(damaged.isEmpty)
    }

    @Test func theBrokersMemoryShrinksWithItsMessages() throws {
        let engine = Engine()
        let peer = engine.connect()
        let body = String(repeating: "x", count: 500)
        for _ in 0..<300 {
            let messages = Array(repeating: "{\"body\":\"\(body)\"}", count: 50).joined(separator: ",")
            peer.send("{\"op\":\"send\",\"queue\":\"q\",\"messages\":[\(messages)]}")
        }
        let full = engine.broker.store.allocatedBytes
        let doomed = (1...15_000).filter { $0 % 20 != 0 }
        for start in stride(from: 0, to: doomed.count, by: 1_000) {
            let ids = doomed[start..<min(start + 1_000, doomed.count)].map(String.init).joined(separator: ",")
            peer.send("{\"op\":\"delete\",\"queue\":\"q\",\"ids\":[\(ids)],\"force\":true}")
        }
        for _ in 0..<200 { peer.send("ping") }
        #expect(engine.broker.store.payloads.allocatedBytes < full / 3)
        #expect(engine.firstBrokenInvariant == nil)
        let rest = peer.send(#"{"op":"receive","queue":"q","max":1000,"auto_delete":true}"#)
        #expect(rest.split(separator: "\"\(body)\"").count == 751, "750 bodies are what they were")
    }
}
