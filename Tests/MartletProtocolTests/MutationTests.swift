import Testing

@testable import MartletProtocol

/// Valid lines with random bytes changed. Whatever comes of it: one entry, no crash, and what is taken is JSON by the
/// second opinion, what is called no JSON is none.
@Suite struct MutationTests {
    private static let seeds = OperationTable.all.flatMap(\.examples).map { Array($0.request.utf8) } + extraSeeds
    private static let extraSeeds = [
        "send q hello", "receive q 5", "release q 7 1.5",
        #"{"op":"send","queue":"q","body":"\ud834\udd1e é€𝄞 0123456789abcdef","tag":"\u0000"}"#,
        #"{"op":"delete","queue":"q","receipts":["a","b"],"force":true,"tag":-1.5e-3}"#,
        #"{"op":"atomic","requests":[{"op":"send","queue":"q","messages":[{"body":1,"ttl":1e3}]}]}"#,
    ].map { Array($0.utf8) }
    private static let interesting =
        Array(#""\{}[],:0123456789-+.eEtrufalsn "#.utf8) + [0, 0x1F, 0x7F, 0x80, 0xC3, 0xA9, 0xED, 0xF4, 0xFF]

    private static func mutate(_ line: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
        var line = line
        for _ in 0..<random.below(4) + 1 {
            let place = random.below(line.count + 1)
            let byte = random.below(2) == 0 ? interesting[random.below(interesting.count)] : UInt8(random.below(256))
            switch random.below(5) {
            case 0: line.insert(byte, at: place)
            case 1 where place < line.count: line.remove(at: place)
            case 2: line = Array(line[..<place])
            case 3:
                let other = seeds[random.below(seeds.count)]
                line.insert(contentsOf: other[random.below(other.count)...].prefix(random.below(12)), at: place)
            default: if place < line.count { line[place] = byte }
            }
            if line.isEmpty { line = [byte] }
        }
        return line.filter { $0 != 0x0A }
    }

    private static func check(_ line: [UInt8], _ batch: RequestBatch, _ scratch: inout ByteBuffer, seed: UInt64) {
        scratch.truncate(to: 0)
        line.withUnsafeBytes { scratch.append($0) }
        batch.removeAll()
        batch.parse(scratch.bytes, limits: Limits())
        #expect(batch.count == 1, "seed \(seed)")
        guard line.first(where: { $0 != 0x20 && $0 != 0x09 }) == UInt8(ascii: "{") else { return }
        let isJSON = NaiveJSON.accepts(line)
        switch batch[0] {
        case .request(let request):
            #expect(isJSON, "seed \(seed)")
            for field in Field.allCases where request.has(field) { touch(request, field) }
        case .failure(let failure, let tag, let closes):
            #expect((failure.code == .badJSON) == !isJSON, "seed \(seed): \(failure.reason)")
            #expect(failure.code != .internal, "seed \(seed)")
            #expect(!closes)
            #expect(tag.isEmpty || NaiveJSON.accepts(Array(tag)))
        }
    }

    /// Reads every byte a value stands for: a sanitizer sees whether they are there.
    private static func touch(_ request: Request, _ field: Field) {
        let sum = (request.json(field).map(Array.init) ?? []).count + (request.text(field).map(Array.init) ?? []).count
        #expect(sum > 0)
        guard field == .messages || field == .requests else { return }
        for part in request.requests(field) {
            for field in Field.allCases where part.has(field) { touch(part, field) }
        }
    }

    @Test(arguments: UInt64(1)...40) func mutatedLinesAreJudgedRightly(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let batch = RequestBatch()
        var scratch = ByteBuffer()
        for _ in 0..<500 {
            let line = Self.mutate(Self.seeds[random.below(Self.seeds.count)], &random)
            if line.isEmpty { continue }
            Self.check(line, batch, &scratch, seed: seed)
        }
    }
}

/// A sequence of numbers that one seed determines (SplitMix64).
struct SeededRandom {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
