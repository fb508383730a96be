/// Remembers how recent lines began, so that a line that begins alike need not be read from its start.
///
/// A client sends few shapes of requests over and over: `{"op":"send","queue":"jobs","body":` and then a value. The same
/// bytes up to there mean the same operation and the same members, so the parser takes over what it knew at that place
/// and goes on with the value. What follows is read and checked as ever; a template saves work and decides nothing.
///
/// A beginning is found by its first 24 bytes. One that keeps being missed gives way to a newer one.
///
/// Unsafe memory: place n has `maximumLength` bytes at n × `maximumLength` in `beginnings`, of which the first
/// `templates[n].length` are initialised, and `maximumValues` values likewise. A value's slices point into the line it
/// was learned from, which is gone: they are only used moved by the distance to a line that begins alike.
struct LineTemplates: ~Copyable {
    typealias Value = RequestBatch.Value

    struct Template: BitwiseCopyable {
        /// Bytes before the value of the last member; 0 where nothing was learned.
        var length = 0
        /// Where the line that was learned began, as a number: its memory is not there any more.
        var origin = 0
        /// The request's number in `ParseTable.forms`.
        var form = 0
        /// The field of the last member, and those of the members before it.
        var field = 0
        var fields: UInt64 = 0
        /// How many members there are before the last one, and how many of them come before it in the fields' order.
        var count = 0
        var rank = 0
        var operation = Operation.send
        /// What the last member's value must be, where `BatchStorage.appendKnown` reads it.
        var rule = ParseTable.Rule(kind: .retryDelay)
        /// Misses to go before another beginning takes this place.
        var patience = 0
    }

    private static let places = 64
    private static let maximumLength = 128
    private static let maximumValues = 4
    private static let shortestLine = 24
    private static let patience = 8

    private let templates: UnsafeMutablePointer<Template>
    private let beginnings: UnsafeMutableRawPointer
    private let values: UnsafeMutablePointer<Value>

    init() {
        templates = .allocate(capacity: Self.places)
        templates.initialize(repeating: Template(), count: Self.places)
        beginnings = .allocate(byteCount: Self.places * Self.maximumLength, alignment: 8)
        values = .allocate(capacity: Self.places * Self.maximumValues)
    }

    deinit {
        templates.deallocate()
        beginnings.deallocate()
        values.deallocate()
    }

    /// The place of the template that this line begins with, or -1.
    @inline(__always)
    func find(_ line: UnsafeRawBufferPointer) -> Int {
        guard line.count >= Self.shortestLine, let start = line.baseAddress else { return -1 }
        let place = Self.place(of: start)
        let length = templates[place].length
        guard length != 0, length < line.count, Self.equal(start, beginnings + place * Self.maximumLength, length)
        else { return -1 }
        templates[place].patience = Self.patience
        return place
    }

    @inline(__always)
    subscript(place: Int) -> UnsafePointer<Template> { UnsafePointer(templates + place) }

    /// The values before the last one of a line that begins like the template, put where they belong in its request;
    /// the place of the last one is left free.
    @inline(__always)
    func recall(_ place: Int, _ start: UnsafeRawPointer, inOrder request: UnsafeMutablePointer<Value>) {
        let template = self[place]
        let distance = Int(bitPattern: start) - template.pointee.origin
        let rank = template.pointee.rank
        let known = values + place * Self.maximumValues
        for index in 0..<template.pointee.count {
            var moved = known[index]
            moved.raw = Self.moved(moved.raw, by: distance)
            moved.text = Self.moved(moved.text, by: distance)
            (request + (index < rank ? index : index + 1)).initialize(to: moved)
        }
    }

    /// What is known of a line that begins like the template, its values put into `scratch`.
    @inline(__always)
    func recall(_ place: Int, _ start: UnsafeRawPointer, into scratch: UnsafeMutablePointer<Value>) -> Template {
        let template = templates[place]
        let distance = Int(bitPattern: start) - template.origin
        var value = values + place * Self.maximumValues
        var rest = template.fields
        while rest != 0 {
            var moved = value.pointee
            moved.raw = Self.moved(moved.raw, by: distance)
            moved.text = Self.moved(moved.text, by: distance)
            (scratch + rest.trailingZeroBitCount).initialize(to: moved)
            rest &= rest &- 1
            value += 1
        }
        return template
    }

    /// Learns the beginning of a line that was read from its start: what stands before the value of its last member.
    ///
    /// - Parameter scratch: the values of `template.fields`, by field.
    @inline(never)
    func learn(_ template: Template, _ line: UnsafeRawBufferPointer, _ scratch: UnsafeMutablePointer<Value>) {
        guard line.count >= Self.shortestLine, let start = line.baseAddress,
            template.length >= 16, template.length <= Self.maximumLength,
            template.fields.nonzeroBitCount <= Self.maximumValues, Self.areSlices(template.fields, of: line, scratch)
        else { return }
        let place = Self.place(of: start)
        templates[place].patience -= 1
        guard templates[place].patience < 0 else { return }
        (beginnings + place * Self.maximumLength).copyMemory(from: start, byteCount: template.length)
        var value = values + place * Self.maximumValues
        var rest = template.fields
        while rest != 0 {
            value.initialize(to: scratch[rest.trailingZeroBitCount])
            rest &= rest &- 1
            value += 1
        }
        templates[place] = template
        // A form below `messageForm` has the number of its operation.
        templates[place].operation = Operation(rawValue: UInt8(truncatingIfNeeded: template.form)) ?? .send
        templates[place].count = template.fields.nonzeroBitCount
        templates[place].rank = (template.fields & (1 << UInt64(template.field) - 1)).nonzeroBitCount
        templates[place].patience = Self.patience
    }

    /// Whether the values are nothing but slices of the line and numbers: no arrays, no decoded text.
    private static func areSlices(
        _ fields: UInt64,
        of line: UnsafeRawBufferPointer,
        _ scratch: UnsafeMutablePointer<Value>
    ) -> Bool {
        var rest = fields
        while rest != 0 {
            let value = scratch[rest.trailingZeroBitCount]
            guard value.count == 0 else { return false }
            if let text = value.text.baseAddress, let start = line.baseAddress {
                guard text >= start, text + value.text.count <= start + line.count else { return false }
            }
            rest &= rest &- 1
        }
        return true
    }

    @inline(__always)
    private static func place(of start: UnsafeRawPointer) -> Int {
        let first = start.loadUnaligned(as: UInt64.self)
        let second = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        let third = start.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        let mixed = (first ^ second << 7 ^ third << 17) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> 58)
    }

    /// Sixteen bytes at a time; the last sixteen may overlap those before. A template has at least as many.
    @inline(__always)
    private static func equal(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ length: Int) -> Bool {
        let last = length - 16
        var difference = difference(one, other, last)
        var offset = 0
        while offset < last {
            difference |= self.difference(one, other, offset)
            offset += 16
        }
        let words = unsafeBitCast(difference, to: SIMD2<UInt64>.self)
        return words[0] | words[1] == 0
    }

    @inline(__always)
    private static func difference(_ one: UnsafeRawPointer, _ other: UnsafeRawPointer, _ offset: Int) -> SIMD16<UInt8> {
        one.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            ^ other.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
    }

    @inline(__always)
    private static func moved(_ slice: UnsafeRawBufferPointer, by distance: Int) -> UnsafeRawBufferPointer {
        guard let start = slice.baseAddress else { return slice }
        return UnsafeRawBufferPointer(start: start + distance, count: slice.count)
    }
}
