// Fuzzes framer, scanner and parser with libFuzzer. It is no target of the package, because the fuzzer has its own main
// and the code under test must be compiled with its instrumentation. From the top of the package:
//
//     mkdir -p .build/fuzz/found && swiftc -O -parse-as-library -sanitize=fuzzer,address -use-ld=lld \
//         -package-name martlet -enable-upcoming-feature InternalImportsByDefault -swift-version 6 \
//         -module-name MartletProtocolFuzz Sources/MartletProtocol/*.swift \
//         Tests/MartletProtocolFuzz/*.swift -o .build/fuzz/protocol \
//         && .build/fuzz/protocol -max_total_time=30 -max_len=4096 .build/fuzz/found Tests/MartletProtocolFuzz/Corpus

/// Called by libFuzzer with each input it makes: lines as a peer may send them.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    var limits = Limits()
    limits.maxLine = 1000
    limits.maxBody = 400
    limits.maxBatch = 8
    limits.maxDepth = 12
    let whole = ProtocolFuzz.run(input, limits, pieceLength: max(count, 1))
    // The same bytes in small pieces must come to the same entries.
    precondition(ProtocolFuzz.run(input, limits, pieceLength: 3) == whole, "chunking changes what is understood")
    return 0
}

/// One input, taken through framer and parser as a server takes it.
enum ProtocolFuzz {
    /// One for all inputs: making one costs more than parsing. libFuzzer calls from one thread only.
    nonisolated(unsafe) private static let batch = RequestBatch()

    /// What each line came to, in short, so that two runs can be compared.
    static func run(_ input: UnsafeRawBufferPointer, _ limits: Limits, pieceLength: Int) -> [String] {
        var framer = LineFramer()
        var outcomes: [String] = []
        var dropped = 0
        var filled = 0
        while filled < input.count {
            filled = min(filled + pieceLength, input.count)
            let bytes = UnsafeRawBufferPointer(rebasing: input[dropped..<filled])
            take: while true {
                switch framer.next(in: bytes, maxLine: limits.maxLine) {
                case .line(let range):
                    let line = UnsafeRawBufferPointer(rebasing: bytes[range])
                    if RequestBatch.isBlank(line) { continue }
                    outcomes.append(outcome(of: line, limits))
                case .tooLong(let range):
                    outcomes.append(tooLong(UnsafeRawBufferPointer(rebasing: bytes[range]), limits))
                case .incomplete(let consumed):
                    dropped += consumed
                    break take
                }
            }
        }
        return outcomes
    }

    private static func outcome(of line: UnsafeRawBufferPointer, _ limits: Limits) -> String {
        batch.removeAll()
        batch.parse(line, limits: limits)
        precondition(batch.count == 1, "a line is one entry")
        switch batch[0] {
        case .request(let request): return describe(request)
        case .failure(let failure, let tag, let closes):
            precondition(failure.code != .internal, "every refusal has a reason")
            precondition(tag.isEmpty || isJSON(tag, limits), "a tag is echoed as it came")
            return "\(failure.code) \(failure.reason) \(closes)"
        }
    }

    private static func tooLong(_ beginning: UnsafeRawBufferPointer, _ limits: Limits) -> String {
        batch.removeAll()
        batch.refuse(tooLong: beginning, limits: limits)
        guard case .failure(let failure, _, let closes) = batch[0] else { preconditionFailure("it is refused") }
        return "\(failure.code) \(closes)"
    }

    /// Reads all bytes of all values, under the eyes of the address sanitizer.
    private static func describe(_ request: Request) -> String {
        var text = request.operation.name
        for field in Field.allCases where request.has(field) {
            guard let json = request.json(field), isJSON(json, Limits()) else { preconditionFailure("a value is JSON") }
            text += " \(field.name)=\(String(decoding: json, as: UTF8.self)):\(request.string(field) ?? "")"
            if field == .messages || field == .requests {
                for part in request.requests(field) { text += "(" + describe(part) + ")" }
            }
        }
        return text
    }

    private static func isJSON(_ text: UnsafeRawBufferPointer, _ limits: Limits) -> Bool {
        guard var scanner = JSONScanner(text, maxDepth: limits.maxDepth) else { return false }
        do throws(Rejection) {
            try scanner.skipValue(depth: 0)
            try scanner.expectEnd()
            return true
        } catch {
            return false
        }
    }
}
