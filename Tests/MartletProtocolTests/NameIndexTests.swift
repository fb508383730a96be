import Testing

@testable import MartletProtocol

@Suite struct NameIndexTests {
    @Test func everyNameIsFoundAndNothingElse() {
        let names = Field.allCases.map(\.name) + ["op", "tag"]
        let index = NameIndex(names.enumerated().map { ($1, $0) })
        defer { index.deallocate() }
        for (number, name) in names.enumerated() {
            #expect(index.number(of: Name(name)) == number)
            for other in [name + "x", String(name.dropLast()), name.uppercased(), name + "\u{0}", "\u{0}" + name] {
                #expect(index.number(of: Name(other)) == names.firstIndex(of: other) ?? NameIndex.none)
            }
        }
        #expect(index.number(of: Name("")) == NameIndex.none)
        #expect(index.number(of: Name(String(repeating: "a", count: 25))) == NameIndex.none)
    }

    @Test(arguments: [
        "", "a", "sevenxx", "eightxxx", "ninexxxxx", "group_concurrency", String(repeating: "n", count: 24),
    ])
    func aNameIsReadAlikeFromEveryPlace(_ name: String) throws {
        for behind in ["", ":", String(repeating: " ", count: 30)] {
            try Array("\"\(name)\"\(behind)".utf8).withUnsafeBytes { bytes in
                var scanner = try #require(JSONScanner(bytes, maxDepth: 1))
                #expect(try scanner.readName() == Name(name))
                #expect(scanner.place - scanner.start == name.utf8.count + 2)
            }
        }
        let escaped = name.unicodeScalars.map { "\\u00" + String($0.value, radix: 16) }.joined()
        try Array("\"\(escaped)\"".utf8).withUnsafeBytes { bytes in
            var scanner = try #require(JSONScanner(bytes, maxDepth: 1))
            #expect(try scanner.readName() == Name(name))
        }
    }
}

@Suite struct SpellingTests {
    @Test func distancesCountSingleMistakes() {
        func distance(_ one: String, _ other: String) -> Int { Spelling.distance(one.utf8, other.utf8) }
        #expect(distance("send", "send") == 0)
        #expect(distance("sned", "send") == 1)
        #expect(distance("sen", "send") == 1)
        #expect(distance("ssend", "send") == 1)
        #expect(distance("sand", "send") == 1)
        #expect(distance("", "send") == 4)
        #expect(distance("abcd", "dcba") == 3 || distance("abcd", "dcba") == 4)
    }

    @Test func onlyNearNamesAreGuessed() {
        let known = ["priority", "delay", "at"]
        #expect(Spelling.nearest(to: "prioritty", among: known) == "priority")
        #expect(Spelling.nearest(to: "Delay", among: known) == "delay")
        #expect(Spelling.nearest(to: "banana", among: known) == nil)
        #expect(Spelling.nearest(to: "x", among: []) == nil)
    }

    @Test func excerptsEndBetweenCharacters() {
        let long = String(repeating: "€", count: 30)
        #expect(Spelling.excerpt(of: Array(long.utf8)) == String(repeating: "€", count: 13) + "…")
        #expect(Spelling.excerpt(of: Array("short".utf8)) == "short")
    }
}

@Suite struct RetryDelayTests {
    private func read(_ json: String) -> RetryDelay? { Array(json.utf8).withUnsafeBytes { try? RetryDelay(json: $0) } }

    @Test func bothFormsAreRead() {
        #expect(read("1.5") == RetryDelay(initial: 1500))
        #expect(read("0") == RetryDelay.none)
        #expect(
            read(#"{ "max":300, "initial":1, "factor":2.5 }"#)
                == RetryDelay(initial: 1000, factor: 2.5, maximum: 300_000)
        )
        #expect(read(#"{"initial":2}"#) == RetryDelay(initial: 2000, factor: 1, maximum: 3_600_000))
        #expect(read(#"{"initial":7200}"#)?.maximum == 7_200_000)
    }

    @Test(
        arguments: FieldSamples.wrong(.retryDelay) + [
            "", "1 2", "{\"initial\":1", "01", #"{"initial":1,"factor":1001}"#,
        ]
    )
    func everythingElseIsNone(_ json: String) { #expect(read(json) == nil) }

    @Test(arguments: [
        ("-1", "must be a number of seconds from 0, or {"), ("[]", "must be a number of seconds from 0, or {"),
        (#"{"initail":1}"#, "has no field `initail`; did you mean `initial`?"),
        (#"{"initial":1,"x":1}"#, "has no field `x`; it takes `initial`, `factor`, `max`"),
        (#"{"initial":1,"factor":2,"factor":2}"#, "`factor` of `retry_delay` is given twice"),
        ("{}", "`retry_delay` needs `initial`"), (#"{"initial":9,"max":1}"#, "`max` of `retry_delay` must be at least"),
        (#"{"initial":"1"}"#, "`initial` of `retry_delay` must be a number of seconds, from 0 to 315360000"),
        (#"{"initial":{}}"#, "`initial` of `retry_delay`"), (#"{"initial":1,"max":-1}"#, "`max` of `retry_delay`"),
        (#"{"initial":1,"factor":1001}"#, "`factor` of `retry_delay` must be a number from 1 to 1000"),
        (#"{"initial":1,"factor":null}"#, "`factor` of `retry_delay` must be a number from 1 to 1000"),
    ])
    func whatIsWrongIsNamed(_ json: String, _ part: String) {
        let failure = Parsed("{\"op\":\"declare\",\"queue\":\"q\",\"retry_delay\":\(json)}").failure
        #expect(failure?.code == .badRequest)
        #expect(failure?.reason.contains(part) == true, "\(failure?.reason ?? "taken")")
    }

    @Test func theDelayGrowsUpToItsMaximum() {
        let delay = RetryDelay(initial: 1000, factor: 2, maximum: 300_000)
        #expect(
            [0, 1, 2, 3, 9, 10, 1_000_000_000].map(delay.delay) == [1000, 1000, 2000, 4000, 256_000, 300_000, 300_000]
        )
        #expect(RetryDelay(initial: 500).delay(afterAttempts: 1_000_000_000) == 500)
        #expect(RetryDelay(initial: 0, factor: 3, maximum: 10).delay(afterAttempts: 1_000_000_000) == 0)
    }
}
