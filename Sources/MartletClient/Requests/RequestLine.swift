import FoundationEssentials

/// One request being written: a JSON object on one line.
///
///     var line = RequestLine("send")
///     line.add("queue", "jobs")
///     line.add("delay", Duration.seconds(5))
///
/// A nil value adds nothing, so that an argument that was not given is not sent.
struct RequestLine {
    /// The object without its closing brace.
    private var open: [UInt8] = []

    init(_ operation: StaticString) {
        open.reserveCapacity(128)
        open.append(contentsOf: "{\"op\":\"\(operation)\"".utf8)
    }

    /// An object that is no request of its own: a message in a batch.
    init() {
        open.append(UInt8(ascii: "{"))
    }

    /// The finished object, without a line end.
    var object: [UInt8] { open + [UInt8(ascii: "}")] }

    private mutating func begin(_ name: String) {
        if open.count > 1 { open.append(UInt8(ascii: ",")) }
        open.append(quoted: name)
        open.append(UInt8(ascii: ":"))
    }

    mutating func add(_ name: String, json: some Sequence<UInt8>) {
        begin(name)
        open.append(contentsOf: json)
    }

    mutating func add(_ name: String, _ value: JSONText?) {
        if let value { add(name, json: value.bytes) }
    }

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        open.append(quoted: value)
    }

    mutating func add(_ name: String, _ value: Int?) {
        if let value { add(name, json: String(value).utf8) }
    }

    /// A number that may have a fraction. What JSON cannot say (infinity) is left for the server to refuse.
    mutating func add(_ name: String, _ value: Double?) {
        guard let value else { return }
        let whole = value == value.rounded() && abs(value) < 1e15
        add(name, json: (whole ? String(Int(value)) : String(value)).utf8)
    }

    /// Seconds.
    mutating func add(_ name: String, _ value: Duration?) {
        add(name, value?.fractionalSeconds)
    }

    /// Unix milliseconds.
    mutating func add(_ name: String, _ value: Date?) {
        add(name, value?.milliseconds)
    }

    mutating func add(_ name: String, _ value: Bool?) {
        if let value { add(name, json: (value ? "true" : "false").utf8) }
    }

    mutating func add(_ name: String, _ values: [Int]) {
        add(name, json: "[\(values.map(String.init).joined(separator: ","))]".utf8)
    }

    mutating func add(_ name: String, _ values: [String]) {
        add(name, objects: values.map { JSONText(string: $0).bytes })
    }

    mutating func add(_ name: String, objects: [[UInt8]]) {
        begin(name)
        open.append(UInt8(ascii: "["))
        for (index, object) in objects.enumerated() {
            if index > 0 { open.append(UInt8(ascii: ",")) }
            open.append(contentsOf: object)
        }
        open.append(UInt8(ascii: "]"))
    }

    /// One queue is `queue`, several are `queues`.
    mutating func add(queues: [String]) {
        if let queue = queues.first, queues.count == 1 {
            add("queue", queue)
        } else {
            add("queues", queues)
        }
    }
}

extension Duration {
    /// Seconds with their fraction, exact to the microsecond.
    package var fractionalSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000) / 1_000_000
    }

    /// Whole milliseconds, at least 0 and at most 2^53.
    var wholeMilliseconds: Int {
        Int(max(0, min(0x1p53, (fractionalSeconds * 1000).rounded(.up))))
    }
}
