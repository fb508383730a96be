/// How long messages have waited from being sent to their first delivery: counts in buckets of growing width, four to a
/// power of two, so that a percentile is right within an eighth.
///
/// Older waits fade: the counts are halved whenever there are 20,000 of them.
struct WaitHistogram {
    private var counts: [UInt32] = []
    private var total: UInt32 = 0

    @inline(__always)
    mutating func add(milliseconds: Int) {
        if counts.isEmpty { counts = Array(repeating: 0, count: 168) }
        counts[min(Self.bucket(max(0, milliseconds)), counts.count - 1)] += 1
        total += 1
        if total >= 20_000 { fade() }
    }

    private mutating func fade() {
        total = 0
        for index in counts.indices {
            counts[index] /= 2
            total += counts[index]
        }
    }

    /// The wait in seconds below which `fraction` of the messages stayed; nil if there were none.
    func percentile(_ fraction: Double) -> Double? {
        guard total > 0 else { return nil }
        let rank = UInt32((Double(total) * fraction).rounded(.up))
        var seen: UInt32 = 0
        for (bucket, count) in counts.enumerated() {
            seen += count
            if seen >= max(rank, 1) { return Double(Self.value(bucket)) / 1000 }
        }
        return nil
    }

    private static func bucket(_ milliseconds: Int) -> Int {
        guard milliseconds >= 4 else { return milliseconds }
        let exponent = Int.bitWidth - 1 - milliseconds.leadingZeroBitCount
        return (exponent - 1) * 4 + (milliseconds >> (exponent - 2)) & 3
    }

    /// The middle of a bucket.
    private static func value(_ bucket: Int) -> Int {
        guard bucket >= 4 else { return bucket }
        let exponent = bucket / 4 + 1
        let width = 1 << (exponent - 2)
        return (4 + bucket % 4) * width + width / 2
    }
}
