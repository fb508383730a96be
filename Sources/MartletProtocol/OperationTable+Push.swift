/// Subscriptions and topics.
extension OperationTable {
    static let push: [OperationEntry] = [subscribe, unsubscribe]
    static let topics: [OperationEntry] = [bind, unbind, bindings, publish]

    private static let subscribe = OperationEntry(
        .subscribe,
        "have messages sent to this connection as they come",
        fields: [
            anyQueue, anyQueues,
            .optional(.credit, .integer(1...10_000), "messages leased and not yet settled", standard: "100"),
            lease, keep, autoDelete,
        ],
        exactlyOne: [.queue, .queues],
        reply: "`subscription`, its number on this connection; then lines with `event`, each a `message`; one with "
            + "`ended` once the last queue is gone.",
        examples: [
            Example(#"{"op":"subscribe","queue":"work","credit":10}"#, #"{"ok":true,"subscription":1}"#)
        ]
    )

    private static let unsubscribe = OperationEntry(
        .unsubscribe,
        "end a subscription; leases that are not settled stay until they end",
        fields: [.required(.subscription, .identifier, "the number that subscribe gave")],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"unsubscribe","subscription":1}"#, #"{"ok":true}"#)]
    )

    private static let pattern = FieldRule.required(
        .topic,
        .topicPattern,
        "`*` is one word, `#` any number of words"
    )

    private static let bind = OperationEntry(
        .bind,
        "have a queue get a copy of what is published to matching topics",
        fields: [queue, pattern],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"bind","queue":"mail","topic":"order.*.paid"}"#, #"{"ok":true}"#)]
    )

    private static let unbind = OperationEntry(
        .unbind,
        "undo a bind",
        fields: [queue, pattern],
        reply: "Nothing besides `ok`.",
        examples: [Example(#"{"op":"unbind","queue":"mail","topic":"order.*.paid"}"#, #"{"ok":true}"#)]
    )

    private static let bindings = OperationEntry(
        .bindings,
        "list which queue is bound to which topic pattern",
        fields: [.optional(.queue, .queueName, "only those of this queue")],
        reply: "`bindings`, sorted by queue and topic.",
        examples: [
            Example(
                #"{"op":"bindings","queue":"mail"}"#,
                #"{"ok":true,"bindings":[{"queue":"mail","topic":"order.*.paid"}]}"#
            )
        ]
    )

    private static let publish = OperationEntry(
        .publish,
        "send a copy of a message to every queue bound to a topic",
        console: ConsoleForm(.init(field: .topic, kind: .text, isRequired: true, usage: "TOPIC"), .body),
        fields: [.required(.topic, .topic, "the topic"), body] + messageFields + [
            .optional(.mandatory, .boolean, "fail with `unroutable` if no queue gets it", standard: "false")
        ],
        conflicts: [Conflict(of: .delay, with: [.at])],
        reply: "`routed`, how many queues got it: all of them, or none if it fails.",
        examples: [
            Example(#"{"op":"publish","topic":"order.17.paid","body":{"total":12}}"#, #"{"ok":true,"routed":2}"#)
        ]
    )
}
