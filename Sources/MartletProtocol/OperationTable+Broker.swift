/// The operations on the broker and the connection.
extension OperationTable {
    static let broker: [OperationEntry] = [hello, ping, help, stats, history, explain, quit]

    private static let hello = OperationEntry(
        .hello,
        "say who you are; learn what the broker is",
        fields: [
            .optional(.name, .text(1...128), "the name of this producer or consumer, for `history`"),
            .optional(.token, .text(0...4096), "proves who you are, where the broker asks for it"),
            .optional(.protocol, .integer(1...1), "the version of the protocol you speak", standard: "1"),
        ],
        reply: "`server`, `version`, `protocol`, `durability` (`none`, `memory` or `disk`) and `limits`; under `disk` "
            + "also `sync` (`always`) or `sync_every` (seconds).",
        examples: [
            Example(
                #"{"op":"hello","name":"billing-3","protocol":1}"#,
                #"{"ok":true,"server":"martlet","version":"0.1.0","protocol":1,"durability":"none","limits":{"max_body":1048576}}"#
            )
        ]
    )

    private static let ping = OperationEntry(
        .ping,
        "ask whether the broker is there",
        console: ConsoleForm(),
        reply: "`now`, the broker's clock.",
        examples: [Example(#"{"op":"ping"}"#, #"{"ok":true,"now":1767225600000}"#)]
    )

    private static let help = OperationEntry(
        .help,
        "list the operations, or explain one",
        console: ConsoleForm(.optional(.about, .text, "OP")),
        fields: [.optional(.about, .operation, "the operation to explain")],
        reply: "`ops`, each with a line; or the fields of one, with an example.",
        examples: [
            Example(
                #"{"op":"help","about":"ping"}"#,
                #"{"ok":true,"op":"ping","summary":"ask whether the broker is there","console":"ping"}"#
            )
        ]
    )

    private static let stats = OperationEntry(
        .stats,
        "counters and gauges of one queue, or of the broker",
        console: ConsoleForm(.optional(.queue, .text, "QUEUE")),
        fields: [.optional(.queue, .queueName, "this queue instead of the whole broker")],
        reply: "The figures; those of the broker have `durability` and, unless that is `none`, `journal`: its "
            + "`condition` (`ready`, `full` or `failed`), `bytes`, `segments`, `first_segment` and `syncs`.",
        examples: [
            Example(#"{"op":"stats","queue":"work"}"#, #"{"ok":true,"ready":1,"delayed":0,"leased":0,"dead":0}"#)
        ]
    )

    private static let history = OperationEntry(
        .history,
        "what was sent to a queue and how it ended",
        fields: [
            queue,
            .optional(.producer, .text(1...128), "only what this producer has sent"),
            .optional(.consumer, .text(1...128), "only what this consumer has processed"),
            .optional(.after, .integer(0...maximumInteger), "only ids above this one, to page", standard: "0"),
            .optional(.max, .integer(1...10_000), "how many at most", standard: "100"),
        ],
        reply: "`records`, by id.",
        examples: [
            Example(#"{"op":"history","queue":"work","producer":"billing-3"}"#, #"{"ok":true,"records":[]}"#)
        ]
    )

    private static let explain = OperationEntry(
        .explain,
        "why a queue delivers nothing (more) right now",
        console: ConsoleForm(.queue),
        fields: [queue],
        reply: "`reasons`, each with a `code` and a `text`; empty when messages flow.",
        examples: [
            Example(
                #"{"op":"explain","queue":"work"}"#,
                #"{"ok":true,"reasons":[{"code":"empty","text":"there are no messages"}]}"#
            )
        ]
    )

    private static let quit = OperationEntry(
        .quit,
        "end this connection",
        console: ConsoleForm(),
        reply: "Nothing besides `ok`; then the connection closes.",
        examples: [Example(#"{"op":"quit"}"#, #"{"ok":true}"#)]
    )
}
