/// The operations on messages.
extension OperationTable {
    static let year = 31_536_000_000
    static let decade = 315_360_000_000
    static let maximumInteger = JSONNumber.maximumInteger
    static let states = ["ready", "delayed", "leased", "dead"]

    static let queue = FieldRule.required(.queue, .queueName, "the queue")
    static let body = FieldRule.required(.body, .anything, "any JSON value; it comes back byte for byte")

    /// What may be said about a message besides its body.
    static let messageFields: [FieldRule] = [
        .optional(.priority, .integer(0...9), "higher leaves first", standard: "4"),
        .optional(.delay, .duration(0...decade), "not delivered before so many seconds have passed", standard: "0"),
        .optional(.at, .instant, "not delivered before this instant; instead of `delay`"),
        .optional(.ttl, .duration(0...decade), "expires after so many seconds; 0 is never", standard: "the queue's"),
        .optional(.headers, .object, "a JSON object that comes back byte for byte"),
        .optional(.dedup, .text(1...128), "a second message with the same text within `dedup_window` is not added"),
        .optional(.group, .text(1...128), "messages of one group are delivered strictly in order"),
        .optional(.replyTo, .queueName, "the queue in which the sender waits for an answer"),
        .optional(.correlation, .text(1...128), "what the answer should carry, so that the sender knows it"),
    ]

    static let lease = FieldRule.optional(
        .lease,
        .duration(1...year),
        "how long the message is yours",
        standard: "the queue's"
    )
    static let keep = FieldRule.optional(.keep, .boolean, "leases outlive this connection", standard: "false")
    static let autoDelete = FieldRule.optional(
        .autoDelete,
        .boolean,
        "delete each message as it is handed over (at most once)",
        standard: "false"
    )
    static let anyQueue = FieldRule.optional(.queue, .queueName, "the queue")
    static let anyQueues = FieldRule.optional(.queues, .queueNames(maximum: 100), "several queues, tried in this order")
    static let anyID = FieldRule.optional(.id, .identifier, "the message's id; this connection must hold its lease")
    static let anyReceipt = FieldRule.optional(.receipt, .receipt, "the lease's receipt; works from any connection")

    static let messages: [OperationEntry] = [
        send, receive, delete, release, extend, reject, peek, redrive, purge, atomic,
    ]

    private static let send = OperationEntry(
        .send,
        "put a message, or a batch of messages, into a queue",
        console: ConsoleForm(.queue, .body),
        fields: [queue, .optional(.body, body.type, body.about)] + messageFields + [
            .optional(
                .messages,
                .messages,
                "a batch: objects with the fields above except `queue`; all or none are added"
            )
        ],
        exactlyOne: [.body, .messages],
        conflicts: [
            Conflict(of: .delay, with: [.at]), Conflict(of: .messages, with: messageFields.map(\.field)),
        ],
        reply: """
            `id` of the message; with `"duplicate":true` and the `state` of the first one if `dedup` was seen. \
            For a batch `ids`.
            """,
        examples: [
            Example(#"{"op":"send","queue":"work","body":{"job":1}}"#, #"{"ok":true,"id":1}"#),
            Example(
                #"{"op":"send","queue":"work","body":"later","delay":1.5,"priority":9,"tag":7}"#,
                #"{"ok":true,"id":2,"tag":7}"#
            ),
            Example(
                #"{"op":"send","queue":"work","messages":[{"body":1},{"body":2,"priority":0}]}"#,
                #"{"ok":true,"ids":[3,4]}"#
            ),
        ]
    )

    private static let receive = OperationEntry(
        .receive,
        "take messages, leased to this connection until they are deleted",
        console: ConsoleForm(.queue, .optional(.wait, .number, "WAIT")),
        fields: [
            anyQueue, anyQueues,
            .optional(.max, .integer(1...1000), "how many messages at most", standard: "1"),
            .optional(.wait, .duration(0...3_600_000), "how long to wait for a first message", standard: "0"),
            lease, keep, autoDelete,
        ],
        exactlyOne: [.queue, .queues],
        reply: """
            `messages`, empty if none came in time; fewer than `max` where the reply would grow beyond the limit \
            `max_output`.
            """,
        examples: [
            Example(
                #"{"op":"receive","queue":"work","wait":5}"#,
                #"{"ok":true,"messages":[{"id":1,"receipt":"1.1","attempt":1,"sent_at":1767225600000,"body":{"job":1}}]}"#
            )
        ]
    )

    private static let delete = OperationEntry(
        .delete,
        "settle messages: they are done and leave their queue",
        console: ConsoleForm(.queue, .id),
        fields: [
            queue, anyID,
            .optional(.ids, .identifiers(maximum: 10_000), "several ids; those that cannot be deleted are listed"),
            anyReceipt,
            .optional(
                .receipts,
                .receipts(maximum: 10_000),
                "several receipts; those that cannot be deleted are listed"
            ),
            .optional(.force, .boolean, "also messages that this connection has not leased", standard: "false"),
        ],
        exactlyOne: [.id, .ids, .receipt, .receipts],
        reply: "`deleted`, how many; with `ids` and `receipts` also `failed`, the rest with the error of each.",
        examples: [
            Example(#"{"op":"delete","queue":"work","id":1}"#, #"{"ok":true,"deleted":1}"#),
            Example(
                #"{"op":"delete","queue":"work","ids":[2,9],"force":true}"#,
                #"{"ok":true,"deleted":1,"failed":[{"id":9,"error":"no_message"}]}"#
            ),
        ]
    )

    private static let release = OperationEntry(
        .release,
        "give a leased message back, to be delivered again",
        console: ConsoleForm(.queue, .id, .optional(.delay, .number, "DELAY")),
        fields: [
            queue, anyID, anyReceipt,
            .optional(
                .delay,
                .duration(0...decade),
                "not again before so many seconds have passed",
                standard: "the queue's `retry_delay`, 0 with `uncounted`"
            ),
            .optional(.uncounted, .boolean, "this delivery does not count towards `max_attempts`", standard: "false"),
        ],
        exactlyOne: [.id, .receipt],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"release","queue":"work","id":1,"delay":10}"#, #"{"ok":true}"#)]
    )

    private static let extend = OperationEntry(
        .extend,
        "make a lease end later, or sooner",
        console: ConsoleForm(.queue, .id, .init(field: .lease, kind: .number, isRequired: true, usage: "LEASE")),
        fields: [
            queue, anyID, anyReceipt,
            .required(.lease, .duration(1...year), "seconds from now until the lease ends"),
        ],
        exactlyOne: [.id, .receipt],
        reply: "`lease_until`, an instant.",
        examples: [
            Example(
                #"{"op":"extend","queue":"work","id":1,"lease":120}"#,
                #"{"ok":true,"lease_until":1767225720000}"#
            )
        ]
    )

    private static let reject = OperationEntry(
        .reject,
        "give up on a leased message: it is dead, or moves to the queue's `dead_letter`",
        console: ConsoleForm(.queue, .id),
        fields: [
            queue, anyID, anyReceipt,
            .optional(.reason, .text(0...256), "why, for the person who finds it"),
        ],
        exactlyOne: [.id, .receipt],
        reply: "Nothing besides `ok`.",
        examples: [
            Example(#"{"op":"reject","queue":"work","id":1,"reason":"no such customer"}"#, #"{"ok":true}"#)
        ]
    )

    private static let peek = OperationEntry(
        .peek,
        "look at messages without leasing them",
        console: ConsoleForm(.queue),
        fields: [
            queue,
            .optional(.id, .identifier, "this message, whatever its state"),
            .optional(.state, .choice(states), "messages in this state", standard: "\"ready\""),
            .optional(.max, .integer(1...1000), "how many messages at most", standard: "1"),
        ],
        conflicts: [Conflict(of: .id, with: [.state, .max])],
        reply: "`messages` as in receive, each with its `state`.",
        examples: [
            Example(
                #"{"op":"peek","queue":"work","state":"ready"}"#,
                #"{"ok":true,"messages":[{"id":1,"attempt":0,"sent_at":1767225600000,"state":"ready","body":{"job":1}}]}"#
            )
        ]
    )

    private static let redrive = OperationEntry(
        .redrive,
        "make dead messages ready again, their attempts reset",
        fields: [
            queue,
            .optional(.max, .integer(1...maximumInteger), "how many messages at most", standard: "all"),
            .optional(.to, .queueName, "move them to this queue", standard: "where they are"),
        ],
        reply: "`moved`, how many.",
        examples: [Example(#"{"op":"redrive","queue":"work"}"#, #"{"ok":true,"moved":3}"#)]
    )

    private static let purge = OperationEntry(
        .purge,
        "delete all messages of a queue that are not leased",
        console: ConsoleForm(.queue),
        fields: [
            queue,
            .optional(
                .state,
                .choice(states + ["all"]),
                "only those in this state; leased ones only by `leased` or `all`",
                standard: "all but the leased ones"
            ),
        ],
        reply: "`purged`, how many.",
        examples: [Example(#"{"op":"purge","queue":"work","state":"dead"}"#, #"{"ok":true,"purged":3}"#)]
    )

    private static let atomic = OperationEntry(
        .atomic,
        "several requests of which all happen or none",
        fields: [
            .required(
                .requests,
                .requests(maximum: 1000, of: [.send, .publish, .delete, .release, .reject, .extend]),
                "the requests, each with its own `op` and without `tag`"
            )
        ],
        reply: "`results`, the replies in order; or the error of the first that failed, with its `index` from 0.",
        examples: [
            Example(
                #"{"op":"atomic","requests":[{"op":"send","queue":"done","body":1},{"op":"send","queue":"log","body":2}]}"#,
                #"{"ok":true,"results":[{"ok":true,"id":1},{"ok":true,"id":1}]}"#
            )
        ]
    )
}
