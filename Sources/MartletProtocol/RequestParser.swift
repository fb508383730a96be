/// Reads one JSON line into a batch: scan, check against the operation table and note where the values stand, in one
/// pass if `op` comes first (else the members before it are passed over twice).
///
/// It throws at the first thing that is wrong. What the reply then says is worked out in `RequestParser+Failures`, off
/// the hot path, because a line that is also no JSON must be called that, and because the tag may come later.
///
/// Unsafe memory: `scratch` has room for every field at each of `BatchStorage.levels` levels, and a request can hold
/// requests only where the operation table says so: `atomic`, `send`, message.
struct RequestParser: ~Copyable {
    /// A request being read.
    struct Draft {
        /// Its number in `ParseTable.forms`.
        var form: Int
        let level: Int
        /// Containers that are open, with the request's own.
        let depth: Int
        var fields: UInt64 = 0
        var hasOperation = false
        var tag = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    let storage: UnsafeMutablePointer<BatchStorage>
    var scanner: JSONScanner
    let forms: UnsafePointer<ParseTable.Form>
    let rules: UnsafePointer<ParseTable.Rule>
    let slots: UnsafePointer<UInt8>
    let scratch: UnsafeMutablePointer<RequestBatch.Value>
    let maxBody: Int
    let maxBatch: Int
    /// Which element of `messages` or `requests` is being read, at each level, for the reasons of failures.
    var elements: (Int, Int) = (0, 0)
    /// Messages of batches that the line has, read so far.
    var batched = 0
    /// Set before `Rejection.Cause.refused` is thrown.
    var failure: Failure?
    /// What is learned of a line once it is read: see `LineTemplates`. Its `form` is below 0 where `op` did not come
    /// first or a `tag` came, because then the beginning does not say it all.
    private var template = LineTemplates.Template(form: -1)

    init(storage: UnsafeMutablePointer<BatchStorage>, scanner: JSONScanner, limits: borrowing Limits) {
        self.storage = storage
        self.scanner = scanner
        forms = UnsafePointer(storage.pointee.table.forms)
        rules = UnsafePointer(storage.pointee.table.rules)
        slots = UnsafePointer(storage.pointee.table.slots)
        scratch = storage.pointee.scratch
        maxBody = limits.maxBody
        maxBatch = limits.maxBatch
    }

    /// The whole line, the `{` of which stands at the cursor. Returns the place of its header.
    mutating func readLine() throws(Rejection) -> Int {
        let line = UnsafeRawBufferPointer(start: scanner.place, count: scanner.end - scanner.place)
        let known = storage.pointee.templates.find(line)
        if known >= 0 { return try readLine(likeTemplate: known) }
        let place = try readRequest(Draft(form: -1, level: 0, depth: 1), allowed: .max)
        try scanner.expectEnd()
        if template.form >= 0 { storage.pointee.templates.learn(template, line, scratch) }
        return place
    }

    /// A line whose beginning is known: goes on with the value of the member at which the template ends.
    @inline(__always)
    private mutating func readLine(likeTemplate place: Int) throws(Rejection) -> Int {
        let known = storage.pointee.templates.recall(place, scanner.place, into: scratch)
        var draft = Draft(form: known.form, level: 0, depth: 1)
        draft.hasOperation = true
        draft.fields = known.fields | 1 << UInt64(truncatingIfNeeded: known.field)
        scanner.place += known.length
        scanner.skipBlanks()
        try readValue(rules[Int(slots[64 * known.form + known.field]) - 1], field: known.field, draft)
        while try !scanner.endsObject() { try readMember(&draft) }
        let header = try finish(draft)
        try scanner.expectEnd()
        return header
    }

    // MARK: Requests

    /// A request that names its own `op`.
    /// - Parameter allowed: the operations that may stand here, as a set of raw values.
    mutating func readRequest(_ draft: Draft, allowed: Int) throws(Rejection) -> Int {
        var draft = draft
        let beginning = scanner.place
        if try scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: draft.depth) {
            throw refuse(
                .badRequest,
                "`op` is missing: say what to do, for example {\"op\":\"help\"}",
                level: draft.level
            )
        }
        let first = scanner.place
        if try scanner.readName() != Name(first: 0x706F, length: 2) {
            scanner.place = beginning
            try lookAheadForOperation(depth: draft.depth, level: draft.level)
            try scanner.skipColon()
            draft.form = try readOperation(level: draft.level)
            scanner.place = first
        } else {
            try scanner.skipColon()
            draft.form = try readOperation(level: draft.level)
            draft.hasOperation = true
            if draft.level == 0 {
                template.form = draft.form
                template.origin = Int(bitPattern: beginning)
            }
        }
        guard allowed >> draft.form & 1 == 1 else {
            throw refuseNested(draft)
        }
        if draft.hasOperation, try scanner.endsObject() { return try finish(draft) }
        repeat { try readMember(&draft) } while try !scanner.endsObject()
        return try finish(draft)
    }

    /// One object of `messages`, the `{` of which stands at the cursor.
    mutating func readMessage(_ draft: Draft) throws(Rejection) -> Int {
        if let body = scanner.readLoneBody(maxBody: maxBody) {
            return storage.pointee.append(messageWithBody: body)
        }
        var draft = draft
        if try !scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: draft.depth) {
            repeat { try readMember(&draft) } while try !scanner.endsObject()
        }
        return try finish(draft)
    }

    /// Moves behind the name `op` of the object at the cursor.
    private mutating func lookAheadForOperation(depth: Int, level: Int) throws(Rejection) {
        _ = try scanner.entersEmpty(closing: UInt8(ascii: "}"), depth: depth)
        repeat {
            if try scanner.readName() == Name(first: 0x706F, length: 2) { return }
            try scanner.skipColon()
            try scanner.skipValue(depth: depth)
        } while try !scanner.endsObject()
        throw refuse(.badRequest, "`op` is missing: say what to do, for example {\"op\":\"help\"}", level: level)
    }

    /// The value of `op`, as the number of a form.
    private mutating func readOperation(level: Int) throws(Rejection) -> Int {
        let beginning = scanner.place
        guard scanner.byte == UInt8(ascii: "\"") else {
            throw refuse(.badRequest, "`op` must be a string, the name of an operation", level: level)
        }
        let number = storage.pointee.table.operations.number(of: try scanner.readName())
        guard number != NameIndex.none else {
            throw refuseOperation(named: scanner.text(since: beginning), level: level)
        }
        return number
    }

    // MARK: Members

    @inline(__always)
    private mutating func readMember(_ draft: inout Draft) throws(Rejection) {
        let beginning = scanner.place
        let number = storage.pointee.table.fields.number(of: try scanner.readName())
        let name = scanner.text(since: beginning)
        try scanner.skipColon()
        if number >= ParseTable.operationName { return try readSpecialMember(number, &draft) }
        let slot = number < 0 ? 0 : slots[64 * draft.form + number]
        guard slot != 0 else { throw refuseUnknownField(name, draft) }
        let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: number)
        guard draft.fields & bit == 0 else { throw refuseTwice(name, draft) }
        if draft.level == 0 {
            template.length = Int(bitPattern: scanner.place) - template.origin
            template.field = number
            template.fields = draft.fields
            template.rule = rules[Int(slot) - 1]
        }
        draft.fields |= bit
        try readValue(rules[Int(slot) - 1], field: number, draft)
    }

    /// `op` where it was not read before, and `tag`.
    private mutating func readSpecialMember(_ number: Int, _ draft: inout Draft) throws(Rejection) {
        if number == ParseTable.operationName {
            guard draft.form != ParseTable.messageForm else {
                throw refuse(.badRequest, "a message has no `op`", draft)
            }
            guard !draft.hasOperation else { throw refuse(.badRequest, "`op` is given twice", draft) }
            draft.hasOperation = true
            return try scanner.skipValue(depth: draft.depth)
        }
        guard draft.level == 0 else {
            throw refuse(.badRequest, "`tag` belongs to the whole request, not to a part of it", draft)
        }
        guard draft.tag.baseAddress == nil else { throw refuse(.badRequest, "`tag` is given twice", draft) }
        guard let tag = try RequestTag.read(&scanner) else { throw refuse(.badRequest, RequestTag.reason, draft) }
        template.form = -1
        draft.tag = tag
    }

    // MARK: The end of a request

    /// Checks that the fields fit together, and keeps the request.
    @inline(__always)
    private mutating func finish(_ draft: Draft) throws(Rejection) -> Int {
        let form = forms[draft.form]
        guard draft.fields & form.required == form.required,
            form.exactlyOne == 0 || (draft.fields & form.exactlyOne).nonzeroBitCount == 1,
            !Self.collide(draft.fields, form.firstConflict), !Self.collide(draft.fields, form.secondConflict)
        else { throw refuseCombination(draft) }
        let firstValue = storage.pointee.values.count
        let values = scratch + 64 * draft.level
        var rest = draft.fields
        while rest != 0 {
            storage.pointee.values.append(values[rest.trailingZeroBitCount])
            rest &= rest &- 1
        }
        let isMessage = draft.form == ParseTable.messageForm
        // A form below `messageForm` has the number of its operation.
        let operation = isMessage ? .send : Operation(rawValue: UInt8(truncatingIfNeeded: draft.form)) ?? .send
        storage.pointee.headers.append(
            RequestBatch.Header(operation: operation, fields: draft.fields, firstValue: firstValue, tag: draft.tag)
        )
        return storage.pointee.headers.count - 1
    }

    @inline(__always)
    private static func collide(_ fields: UInt64, _ conflict: (UInt64, UInt64)) -> Bool {
        fields & conflict.0 != 0 && fields & conflict.1 != 0
    }
}
