import Testing

@testable import MartletProtocol

/// A line read with the help of a template comes to the same as one read from its start.
@Suite struct LineTemplateTests {
    /// What a line came to, in words that can be compared.
    private static func outcome(_ line: [UInt8], _ batch: RequestBatch) -> String {
        line.withUnsafeBytes { bytes in
            batch.removeAll()
            batch.parse(bytes, limits: Limits())
            switch batch[0] {
            case .failure(let failure, let tag, let closes):
                return "\(failure) \(String(decoding: tag, as: UTF8.self)) \(closes)"
            case .request(let request): return describe(request)
            }
        }
    }

    private static func describe(_ request: Request) -> String {
        var words = ["\(request.operation) \(String(decoding: request.tag, as: UTF8.self))"]
        for field in Field.allCases where request.has(field) {
            let raw = String(
                decoding: request.json(field) ?? UnsafeRawBufferPointer(start: nil, count: 0),
                as: UTF8.self
            )
            words.append("\(field) \(raw) \(request.string(field) ?? "")")
            switch field {
            case .messages, .requests: words += request.requests(field).map { describe($0) }
            case .ids: words += request.integers(field).map(String.init)
            case .queues, .receipts: words += request.texts(field).map { String(decoding: $0, as: UTF8.self) }
            default: words.append("\(request.integer(field) ?? -1)")
            }
        }
        return words.joined(separator: " ")
    }

    private static let shapes = [
        #"{"op":"send","queue":"jobs","body":"one"}"#, #"{"op":"send","queue":"jobs","body":{"two":2}}"#,
        #"{"op":"send","queue":"jobs","priority":7,"body":[3]}"#,
        #"{"op":"send","queue":"jobs","group":"a\u0062c","body":4}"#,
        #"{"op":"send","queue":"jobs","delay":1.5,"ttl":60,"dedup":"k","body":5}"#,
        #"{"op":"send","tag":9,"queue":"jobs","body":6}"#, #"{"op":"send","queue":"jobs","body":7,"tag":9}"#,
        #"{"op":"delete","queue":"jobs","id":1}"#, #"{"op":"delete","queue":"jobs","id":123456,"force":true}"#,
        #"{"op":"delete","queue":"jobs","ids":[1,2,3]}"#, #"{"op":"receive","queue":"jobs"}"#,
        #"{"op":"receive","queue":"jobs","max":10,"wait":1}"#, #"{"op":"receive","queues":["a","b"],"wait":1}"#,
        #"{ "op" : "receive" , "queue" : "jobs" , "lease" : 5 }"#, #"{"queue":"jobs","op":"receive","wait":2}"#,
        #"{"op":"send","queue":"jobs","body":  "a blank"}"#, #"{"op":"delete","queue":"jobs","id":  7 }"#,
        #"{"op":"send","queue":"jobs","messages":[{"body":1},{"body":2}]}"#,
        #"{"op":"declare","queue":"jobs","lease":5,"max_attempts":3,"dead_letter":"dead"}"#,
    ].map { Array($0.utf8) }

    @Test func everyShapeAfterEveryOtherIsReadAlike() {
        let warm = RequestBatch()
        // Several rounds: a template gives way only after it was missed for a while.
        for round in 0..<12 {
            for shape in Self.shapes {
                #expect(Self.outcome(shape, warm) == Self.outcome(shape, RequestBatch()), "round \(round)")
            }
        }
    }

    @Test(arguments: UInt64(1)...20) func mutatedLinesAreReadAlike(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let warm = RequestBatch()
        for _ in 0..<300 {
            var line = Self.shapes[random.below(Self.shapes.count)]
            _ = Self.outcome(line, warm)
            // Changes behind the middle: the beginning stays one that may be known.
            for _ in 0..<random.below(3) {
                let place = line.count / 2 + random.below(line.count - line.count / 2)
                line[place] = Array(#"{}[],:"0x\ "#.utf8)[random.below(11)]
            }
            #expect(Self.outcome(line, warm) == Self.outcome(line, RequestBatch()), "seed \(seed)")
        }
    }
}
