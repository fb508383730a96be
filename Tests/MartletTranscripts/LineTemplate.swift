/// A line with places that stand for values: `$name` for one that is remembered, `$_` for any one, `…` for anything.
enum LineTemplate {
    /// The values after the line was found to be as the template says; nil if it is not.
    static func match(_ template: String, _ line: String, _ values: [String: String]) -> [String: String]? {
        match(Array(template)[...], Array(line)[...], values)
    }

    private static func match(
        _ template: ArraySlice<Character>,
        _ line: ArraySlice<Character>,
        _ values: [String: String]
    ) -> [String: String]? {
        var (template, line) = (template, line)
        while let first = template.first {
            if first == "…" { return matchAnything(template.dropFirst(), line, values) }
            if first == "$" { return matchValue(template.dropFirst(), line, values) }
            guard line.first == first else { return nil }
            template.removeFirst()
            line.removeFirst()
        }
        return line.isEmpty ? values : nil
    }

    private static func matchAnything(
        _ template: ArraySlice<Character>,
        _ line: ArraySlice<Character>,
        _ values: [String: String]
    ) -> [String: String]? {
        for start in line.startIndex...line.endIndex {
            if let found = match(template, line[start...], values) { return found }
        }
        return nil
    }

    private static func matchValue(
        _ template: ArraySlice<Character>,
        _ line: ArraySlice<Character>,
        _ values: [String: String]
    ) -> [String: String]? {
        let name = String(template.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        let value = String(line.prefix { !",}]\"".contains($0) })
        guard !value.isEmpty else { return nil }
        let rest = (template.dropFirst(name.count), line.dropFirst(value.count))
        if name == "_" { return match(rest.0, rest.1, values) }
        guard values[name] == nil || values[name] == value else { return nil }
        var values = values
        values[name] = value
        return match(rest.0, rest.1, values)
    }
}
