/// A conversation with the broker, written as it goes:
///
///     # A message goes to whoever asks for it
///     a > send jobs hello
///     a < {"ok":true,"id":1}
///     b > receive jobs
///     b < {"ok":true,"messages":[{"id":1,"receipt":"$first","attempt":1,"sent_at":$_,"body":"hello"}]}
///     + 31 s
///     b > {"op":"delete","queue":"jobs","receipt":"$first"}
///     b < !lease_lost
///
/// `a > …` is a line that connection a sends, `a >> …` are bytes without a line's end (with `\r` and `\n`), `a < …` is
/// the next line it gets. In an expected line `$name` is a value that is remembered, `$_` one that is not, `…` is
/// anything; `!code` is a failure. `a hears nothing`, `a closes`, `a is closed` are what they say; `jobs has ready 2`
/// waits until the figure of a queue is that; `+ 31 s` is time that passes; `with max_queues 1` is a setting of the
/// broker. Lines that begin with `--` are for the reader; an indented line goes on where the one before ended.
package struct Transcript: Sendable {
    package enum Event: Sendable {
        case sends(String, bytes: String)
        case hears(String, template: String)
        case hearsNothing(String)
        case closes(String)
        case isClosed(String)
        case has(queue: String, figure: String, value: String)
        case passes(milliseconds: Int)
    }

    package struct Line: Sendable {
        package let number: Int
        package let event: Event
    }

    package let title: String
    /// The file it stands in.
    package let path: String
    package let number: Int
    package var settings: [String: String] = [:]
    package var lines: [Line] = []

    /// Whether it can only be held where time passes at will.
    package var jumpsInTime: Bool {
        lines.contains { if case .passes = $0.event { true } else { false } }
    }

    package init(title: String, path: String, number: Int) {
        self.title = title
        self.path = path
        self.number = number
    }
}

extension Transcript: CustomStringConvertible {
    package var description: String { title }
}
