/// What was appended in the life of a journal, and how much of it is promised.
struct Ledger {
    /// Payloads that may be in the journal, in order.
    var payloads: [[UInt8]] = []
    /// So many of them are durable.
    var durable = 0
    /// So many at the front may be gone, as their segments have been cut.
    var cut = 0
    /// For each payload, the segment it was appended to.
    var segments: [UInt32] = []

    mutating func append(_ payload: [UInt8], segment: UInt32) {
        payloads.append(payload)
        segments.append(segment)
    }

    mutating func cut(before segment: UInt32) {
        cut = max(cut, segments.firstIndex { $0 >= segment } ?? segments.count)
    }

    /// What is wrong with what was recovered, or nil: it is the payloads, some whole segments missing at the front that
    /// were cut, and some at the end that were not durable.
    func fault(in recovered: [[UInt8]]) -> String? {
        let least = durable - min(cut, durable)
        if recovered.isEmpty { return least > 0 ? "nothing is left of \(durable) durable entries" : nil }
        guard let start = payloads.firstIndex(of: recovered[0]) else { return "the first entry is from nowhere" }
        if start > cut { return "entry \(cut) is the first that must be there, and \(start) is" }
        let end = start + recovered.count
        if end < durable { return "\(durable) entries are durable and \(end) are there" }
        if end > payloads.count { return "there are more entries than were appended" }
        return Array(payloads[start..<end]) == recovered ? nil : "an entry is not what was appended"
    }

    /// What the next run begins with.
    mutating func goOn(with recovered: [[UInt8]], segments: [UInt32]) {
        payloads = recovered
        self.segments = segments
        durable = recovered.count
        cut = 0
    }
}
