/// The operations on queues, and their settings.
extension OperationTable {
    static let queues: [OperationEntry] = [declare, drop, listQueues, pause, resume]

    /// The settings of a queue, as fields of `declare`. Those not named keep their value.
    package static let settings: [FieldRule] = [
        .optional(.lease, .duration(1...year), "how long a message is leased", standard: "30"),
        .optional(
            .maxAttempts,
            .integer(0...1_000_000_000),
            "deliveries until it is dead; 0 is no limit",
            standard: "0"
        ),
        .optional(.deadLetter, .queueNameOrNone, "where dead messages go", standard: "null"),
        .optional(.retryDelay, .retryDelay, "rest before the next attempt", standard: "0"),
        .optional(.ttl, .duration(0...decade), "messages expire after so many seconds; 0 is never", standard: "0"),
        .optional(.onExpire, .choice(["drop", "dead"]), "what becomes of expired messages", standard: "\"drop\""),
        .optional(.maxMessages, .integer(0...maximumInteger), "0 is no limit", standard: "0"),
        .optional(.maxBytes, .integer(0...maximumInteger), "0 is no limit", standard: "0"),
        .optional(
            .overflow,
            .choice(["reject", "drop_oldest"]),
            "what happens to a send when the queue is full",
            standard: "\"reject\""
        ),
        .optional(.dedupWindow, .duration(0...year), "how long a `dedup` is remembered", standard: "300"),
        .optional(
            .rate,
            .number(maximum: 1_000_000_000),
            "messages delivered a second at most; 0 is no limit",
            standard: "0"
        ),
        .optional(
            .burst,
            .integer(0...1_000_000_000),
            "messages that may leave at once after a pause; 0 is one second's worth",
            standard: "0"
        ),
        .optional(.history, .integer(0...10_000_000), "records of ended messages that are kept", standard: "0"),
        .optional(.temporary, .boolean, "goes with the connection that declared it", standard: "false"),
        .optional(
            .expireUnused,
            .duration(0...decade),
            "an auto-created queue goes after so many seconds empty and unused; 0 is never",
            standard: "0"
        ),
        .optional(
            .groupConcurrency,
            .integer(1...1_000_000),
            "messages of one `group` that may be leased at a time",
            standard: "1"
        ),
    ]

    private static let declare = OperationEntry(
        .declare,
        "create a queue or change its settings",
        fields: [queue] + settings,
        reply: "`created`, whether it is new, and all its `settings`.",
        examples: [
            Example(
                #"{"op":"declare","queue":"work","lease":60,"max_attempts":5,"dead_letter":"work.dead"}"#,
                #"{"ok":true,"created":true,"settings":{"lease":60,"max_attempts":5,"dead_letter":"work.dead"}}"#
            ),
            Example(
                #"{"op":"declare","queue":"mail","retry_delay":{"initial":1,"factor":2,"max":300}}"#,
                #"{"ok":true,"created":true,"settings":{"retry_delay":{"initial":1,"factor":2,"max":300}}}"#
            ),
        ]
    )

    private static let drop = OperationEntry(
        .drop,
        "remove a queue",
        fields: [queue, .optional(.force, .boolean, "even if it holds messages", standard: "false")],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"drop","queue":"work","force":true}"#, #"{"ok":true}"#)]
    )

    private static let listQueues = OperationEntry(
        .queues,
        "list the queues, sorted by name",
        console: ConsoleForm(),
        fields: [
            .optional(.match, .text(1...200), "only names that match: `*` any characters, `?` one", standard: "\"*\""),
            .optional(.max, .integer(1...10_000), "how many at most", standard: "10000"),
            .optional(.after, .queueName, "only names behind this one, to page"),
        ],
        reply: "`queues`.",
        examples: [
            Example(
                #"{"op":"queues","match":"work*","max":100}"#,
                #"{"ok":true,"queues":[{"queue":"work","ready":1}]}"#
            )
        ]
    )

    private static let direction = FieldRule.optional(
        .direction,
        .choice(["send", "receive", "both"]),
        "what is meant",
        standard: "\"both\""
    )

    private static let pause = OperationEntry(
        .pause,
        "stop a queue from taking or handing out messages",
        fields: [queue, direction],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"pause","queue":"work","direction":"receive"}"#, #"{"ok":true}"#)]
    )

    private static let resume = OperationEntry(
        .resume,
        "undo a pause",
        fields: [queue, direction],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"resume","queue":"work"}"#, #"{"ok":true}"#)]
    )
}
