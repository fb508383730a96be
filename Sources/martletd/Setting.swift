/// One setting of the daemon: its key in the file, how its value is read, and whether a running daemon can change it.
///
/// The key is also its name elsewhere: `max_line` is `MARTLET_MAX_LINE` in the environment and, where there is an
/// option, `--max-line`.
struct Setting {
    let key: String
    /// What a value must be, for a person who gave another.
    let expected: String
    /// Whether it can be changed while the daemon runs.
    let isReloadable: Bool
    /// Whether it has the same value in two configurations.
    let isSame: (Configuration, Configuration) -> Bool
    /// Reads a value of the file; false if it is not as expected.
    let read: (JSON5Value, inout Configuration) -> Bool
    /// Reads a value of the environment or of an option; false if it is not as expected.
    let readText: (String, inout Configuration) -> Bool

    var environmentVariable: String { EnvironmentVariable.name(of: key) }
    var option: String { "--" + key.split(separator: "_").joined(separator: "-") }
}

extension Setting {
    /// A setting that has one value.
    init<Value: Equatable>(
        _ key: String,
        _ place: WritableKeyPath<Configuration, Value>,
        expected: String,
        isReloadable: Bool = true,
        fromFile: @escaping (JSON5Value) -> Value?,
        fromText: @escaping (String) -> Value?
    ) {
        self.key = key
        self.expected = expected
        self.isReloadable = isReloadable
        isSame = { $0[keyPath: place] == $1[keyPath: place] }
        read = { value, configuration in
            guard let parsed = fromFile(value) else { return false }
            configuration[keyPath: place] = parsed
            return true
        }
        readText = { text, configuration in
            guard let parsed = fromText(text) else { return false }
            configuration[keyPath: place] = parsed
            return true
        }
    }

    static func size(
        _ key: String,
        _ place: WritableKeyPath<Configuration, Int>,
        _ range: ClosedRange<Int>,
        isReloadable: Bool = true
    ) -> Setting {
        func checked(_ size: Int?) -> Int? { size.flatMap { range.contains($0) ? $0 : nil } }
        return Setting(
            key,
            place,
            expected: "\(ByteSize.expected), from \(ByteSize.text(range.lowerBound)) to "
                + ByteSize.text(range.upperBound),
            isReloadable: isReloadable,
            fromFile: { value in checked(value.text.map(ByteSize.parse) ?? value.integer) },
            fromText: { checked(ByteSize.parse($0)) }
        )
    }

    static func count(
        _ key: String,
        _ place: WritableKeyPath<Configuration, Int>,
        _ range: ClosedRange<Int>,
        isReloadable: Bool = true
    ) -> Setting {
        func checked(_ count: Int?) -> Int? { count.flatMap { range.contains($0) ? $0 : nil } }
        return Setting(
            key,
            place,
            expected: "an integer from \(range.lowerBound) to \(range.upperBound)",
            isReloadable: isReloadable,
            fromFile: { checked($0.integer) },
            fromText: { checked(Int($0)) }
        )
    }

    /// Seconds with fractions, kept as milliseconds.
    static func duration(
        _ key: String,
        _ place: WritableKeyPath<Configuration, Int>,
        isReloadable: Bool = true
    ) -> Setting {
        Setting(
            key,
            place,
            expected: "a number of seconds from 0 to \(JSON5Value.maximumSeconds)",
            isReloadable: isReloadable,
            fromFile: { $0.milliseconds },
            fromText: { Double($0).flatMap(JSON5Value.milliseconds) }
        )
    }

    /// One of a few words.
    static func choice<Choice: RawRepresentable<String> & CaseIterable & Equatable>(
        _ key: String,
        _ place: WritableKeyPath<Configuration, Choice>,
        isReloadable: Bool
    ) -> Setting {
        Setting(
            key,
            place,
            expected: Choice.allCases.map(\.rawValue).joined(separator: ", "),
            isReloadable: isReloadable,
            fromFile: { $0.text.flatMap { Choice(rawValue: $0) } },
            fromText: { Choice(rawValue: $0) }
        )
    }

    static func flag(_ key: String, _ place: WritableKeyPath<Configuration, Bool>) -> Setting {
        Setting(key, place, expected: "true or false", fromFile: { $0.boolean }, fromText: { Bool($0) })
    }

    /// A list: an array in the file, separated by commas elsewhere.
    static func list<Element: Equatable>(
        _ key: String,
        _ place: WritableKeyPath<Configuration, [Element]>,
        expected: String,
        _ parse: @escaping (String) -> Element?
    ) -> Setting {
        func all(_ texts: [String]) -> [Element]? {
            let parsed = texts.compactMap(parse)
            return parsed.count == texts.count ? parsed : nil
        }
        return Setting(
            key,
            place,
            expected: expected,
            isReloadable: false,
            fromFile: { value in
                let texts = value.elements?.compactMap(\.text) ?? value.text.map { [$0] }
                guard let texts, texts.count == value.elements?.count ?? 1 else { return nil }
                return all(texts)
            },
            fromText: { text in all(text == "none" ? [] : text.split(separator: ",").map(String.init)) }
        )
    }
}

extension JSON5Value {
    /// A number without a fraction.
    var integer: Int? { number.flatMap { Int(exactly: $0) } }

    /// Seconds as milliseconds: nil below zero and beyond what the protocol can say. What is more than nothing does not
    /// become nothing.
    var milliseconds: Int? { number.flatMap(Self.milliseconds) }

    static let maximumSeconds = 9_007_199_254_740

    static func milliseconds(_ seconds: Double) -> Int? {
        guard seconds >= 0, seconds <= Double(maximumSeconds) else { return nil }
        let rounded = Int((seconds * 1000).rounded())
        return rounded == 0 && seconds > 0 ? 1 : rounded
    }
}
