/// What operations and fields are called here, for people who know other brokers.
///
/// Only suggestions are made of it: no request is understood by another name.
enum Synonyms {
    static let operations = names([
        "send": "put push enqueue lpush rpush xadd produce add",
        "receive": "recv get pop lpop rpop brpop reserve dequeue fetch pull take",
        "delete": "ack del done xack rm remove",
        "release": "nack requeue",
        "extend": "touch renew",
        "reject": "bury",
        "redrive": "kick",
        "purge": "flush clear truncate",
        "atomic": "multi transaction tx",
        "subscribe": "sub consume listen watch",
        "unsubscribe": "unsub cancel ignore",
        "publish": "pub emit",
        "declare": "create mk",
        "queues": "ls list list-tubes keys",
        "hello": "connect auth login hi",
        "help": "? h man usage commands",
        "stats": "info status stat",
        "quit": "exit bye logout disconnect",
    ])

    static let fields = names([
        "queue": "name queue_name queue_url tube channel list stream",
        "queues": "tubes channels lists",
        "topic": "subject routing_key pattern",
        "id": "message_id msg_id job job_id delivery_tag",
        "receipt": "receipt_handle handle ack_id",
        "body": "payload data message msg content text value",
        "messages": "entries batch",
        "headers": "properties attributes metadata",
        "priority": "pri prio",
        "delay": "delay_seconds after",
        "ttl": "expiration expires expires_in time_to_live",
        "dedup": "deduplication_id message_deduplication_id idempotency_key unique",
        "group": "group_id message_group_id partition partition_key ordering_key key",
        "correlation": "correlation_id",
        "max": "count limit batch n max_messages max_number_of_messages",
        "wait": "timeout wait_time block block_ms wait_time_seconds",
        "lease": "visibility_timeout visibility ttr ack_wait ack_deadline timeout",
        "auto_delete": "auto_ack no_ack autoack",
        "credit": "prefetch prefetch_count window max_in_flight",
        "reason": "error message",
        "subscription": "id sid consumer consumer_tag",
        "max_attempts": "max_retries retries max_deliveries max_receive_count max_deliver attempts",
        "dead_letter": "dlq dlx dead_letter_queue dead_letter_exchange",
        "retry_delay": "backoff retry_backoff",
        "max_messages": "max_length maxlen max_msgs",
        "rate": "rate_limit",
        "match": "pattern glob filter prefix",
        "about": "op operation command",
    ])

    /// The names here by the names elsewhere, from words for each name here.
    private static func names(_ table: KeyValuePairs<String, String>) -> [String: [String]] {
        var names: [String: [String]] = [:]
        for (name, others) in table {
            for other in others.split(separator: " ") { names[String(other), default: []].append(name) }
        }
        return names
    }
}
