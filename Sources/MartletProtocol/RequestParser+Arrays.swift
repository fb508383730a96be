/// The arrays a request may have: of ids, receipts and queue names, of messages and requests.
extension RequestParser {
    /// Moves into the array at the cursor, which must have an element.
    private mutating func enterArray(_ field: Int, _ draft: Draft) throws(Rejection) {
        guard scanner.byte == UInt8(ascii: "[") else { throw refuse(field, draft) }
        if try scanner.entersEmpty(closing: UInt8(ascii: "]"), depth: draft.depth + 1) { throw refuse(field, draft) }
    }

    mutating func readIdentifiers(
        _ rule: ParseTable.Rule,
        _ field: Int,
        _ draft: Draft,
        _ value: inout Value
    ) throws(Rejection) {
        try enterArray(field, draft)
        value.number = storage.pointee.integers.count
        repeat {
            guard value.count < rule.maximum else { throw refuseTooMany(field, draft, maximum: rule.maximum) }
            guard scanner.byte &- UInt8(ascii: "0") < 10, let id = try scanner.readNumber().integer, id > 0 else {
                throw refuse(field, draft)
            }
            storage.pointee.integers.append(id)
            value.count += 1
        } while try !scanner.endsArray()
    }

    mutating func readReceipts(
        _ rule: ParseTable.Rule,
        _ field: Int,
        _ draft: Draft,
        _ value: inout Value
    ) throws(Rejection) {
        try enterArray(field, draft)
        value.number = storage.pointee.texts.count
        repeat {
            guard value.count < rule.maximum else { throw refuseTooMany(field, draft, maximum: rule.maximum) }
            storage.pointee.texts.append(try readText(1...128, field, draft))
            value.count += 1
        } while try !scanner.endsArray()
    }

    mutating func readQueueNames(
        _ rule: ParseTable.Rule,
        _ field: Int,
        _ draft: Draft,
        _ value: inout Value
    ) throws(Rejection) {
        try enterArray(field, draft)
        value.number = storage.pointee.texts.count
        repeat {
            guard value.count < rule.maximum else { throw refuseTooMany(field, draft, maximum: rule.maximum) }
            let name = try readQueueName(field, draft)
            // At most a hundred names are compared with each other: cheaper than a set.
            for earlier in value.number..<storage.pointee.texts.count
            where storage.pointee.texts[earlier].elementsEqual(name) {
                throw refuseSameQueue(name, draft)
            }
            storage.pointee.texts.append(name)
            value.count += 1
        } while try !scanner.endsArray()
    }

    /// The objects of `messages` or `requests`: each becomes a header, linked to the next.
    mutating func readRequests(
        _ rule: ParseTable.Rule,
        _ field: Int,
        _ draft: Draft,
        _ value: inout Value
    ) throws(Rejection) {
        try enterArray(field, draft)
        let isBatch = rule.kind == .messages
        // Of all the batches in an `atomic` together, since they are dealt with at once.
        let maximum = isBatch ? maxBatch - batched : rule.maximum
        let form = isBatch ? ParseTable.messageForm : -1
        let inner = Draft(form: form, level: draft.level + 1, depth: draft.depth + 2)
        var last = -1
        repeat {
            guard value.count < maximum else {
                if isBatch, batched > 0 { throw refuseTooManyBatched(draft) }
                throw refuseTooMany(field, draft, maximum: maximum)
            }
            if draft.level == 0 { elements.0 = value.count } else { elements.1 = value.count }
            guard scanner.byte == UInt8(ascii: "{") else { throw refuseElement(inner) }
            let place = isBatch ? try readMessage(inner) : try readRequest(inner, allowed: rule.minimum)
            if last < 0 { value.number = place } else { storage.pointee.headers[last].next = place }
            last = place
            value.count += 1
        } while try !scanner.endsArray()
        if isBatch { batched += value.count }
    }
}
