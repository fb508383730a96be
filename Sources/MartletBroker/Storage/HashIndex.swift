/// Finds numbers by the hashes of their keys, without knowing the keys: who asks compares them.
///
///     let number = index.find(hash) { keys[$0] == key }
///     index.insert(hash, number)
///     index.remove(hash, number)
///
/// Linear hashing: there are about four entries to a bucket, which has the size of a cache line, and as entries come
/// or go one bucket after the other is split in two or joined again. So no change takes long, where Swift's
/// dictionaries move all they hold: with a million keys that took a quarter of a second. Nor is new memory touched all
/// over.
///
/// Unsafe memory: a bucket is eight elements of an arena from a multiple of eight on, all initialised, and so lies in
/// one chunk; its address is used only while nothing is appended to that arena.
struct HashIndex: ~Copyable {
    /// A hash and a number; 0 for none. A hash that is in use has its highest bit set.
    private typealias Entry = UInt64
    private typealias Bucket = UnsafeMutablePointer<Entry>

    /// Elements of a bucket, of which the last leads to the one that takes what does not fit; 0 for none.
    private static let width = 8
    private static let room = 7
    /// More entries a bucket than this, and one is split; less than a quarter of it, and one is joined.
    private static let load = 4

    private var homes = ChunkedArena<Entry>()
    /// Buckets for what does not fit; number n begins at place n - 1.
    private var overflow = ChunkedArena<Entry>()
    private var firstFree: Entry = 0
    private(set) var count = 0

    init() {}

    private var bucketCount: Int { homes.count / Self.width }

    /// The number with this hash that is meant, nil if there is none.
    @inline(__always)
    func find(_ hash: UInt32, where isMeant: (UInt32) -> Bool) -> UInt32? {
        guard let place = locate(hash, where: isMeant) else { return nil }
        return UInt32(truncatingIfNeeded: place.pointee)
    }

    /// - Parameter number: one that is not there under this hash.
    mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if homes.isEmpty { Self.append(to: &homes) }
        enter(Entry(Self.marked(hash)) << 32 | Entry(number))
        count += 1
        if count > bucketCount * Self.load { split() }
    }

    mutating func remove(_ hash: UInt32, _ number: UInt32) {
        guard let place = locate(hash, where: { $0 == number }) else { return }
        fill(place, inChainOf: home(of: Self.marked(hash)))
        count -= 1
        if count == 0 { removeAll() } else if count * 4 < bucketCount * Self.load { join() }
    }

    mutating func removeAll() {
        homes.removeAll()
        overflow.removeAll()
        (firstFree, count) = (0, 0)
    }

    // MARK: Buckets

    private static func marked(_ hash: UInt32) -> UInt32 { hash | 1 << 31 }

    /// Of a hash as many bits as there are buckets; a bucket that is not there yet is still in the one it will come
    /// from.
    @inline(__always)
    private func home(of hash: UInt32) -> Bucket {
        let bits = Int.bitWidth - (bucketCount - 1).leadingZeroBitCount
        let bucket = Int(hash) & (1 << bits - 1)
        return homes.place(Self.width * (bucket < bucketCount ? bucket : bucket & (1 << (bits - 1) - 1)))
    }

    private func next(of bucket: Bucket) -> Bucket? {
        let number = Int(bucket[Self.room])
        return number == 0 ? nil : overflow.place(number - 1)
    }

    @inline(__always)
    private func locate(_ hash: UInt32, where isMeant: (UInt32) -> Bool) -> Bucket? {
        guard count > 0 else { return nil }
        let marked = Self.marked(hash)
        var bucket = home(of: marked)
        while true {
            for place in 0..<Self.room {
                let entry = bucket[place]
                // A chain has no gaps.
                if entry == 0 { return nil }
                if entry >> 32 == marked, isMeant(UInt32(truncatingIfNeeded: entry)) { return bucket + place }
            }
            guard let next = next(of: bucket) else { return nil }
            bucket = next
        }
    }

    /// Puts an entry at the end of its chain.
    private mutating func enter(_ entry: Entry) {
        var bucket = home(of: UInt32(truncatingIfNeeded: entry >> 32))
        var number: Entry = 0
        while true {
            for place in 0..<Self.room where bucket[place] == 0 {
                bucket[place] = entry
                return
            }
            if bucket[Self.room] == 0 {
                let added = addOverflow()
                // The arena that was appended to may have moved.
                if number != 0 { bucket = overflow.place(Int(number) - 1) }
                bucket[Self.room] = added
            }
            number = bucket[Self.room]
            bucket = overflow.place(Int(number) - 1)
        }
    }

    /// Empties a place by moving the last entry of its chain there.
    private mutating func fill(_ hole: Bucket, inChainOf home: Bucket) {
        var (bucket, before): (Bucket, Bucket?) = (home, nil)
        while let next = next(of: bucket) { (bucket, before) = (next, bucket) }
        var last = Self.room - 1
        while bucket[last] == 0 { last -= 1 }
        hole.pointee = bucket[last]
        bucket[last] = 0
        guard last == 0, let before else { return }
        free(before[Self.room])
        before[Self.room] = 0
    }

    private static func append(to arena: inout ChunkedArena<Entry>) {
        for _ in 0..<width { arena.append(0) }
    }

    // MARK: Overflow

    private mutating func addOverflow() -> Entry {
        guard firstFree == 0 else {
            let number = firstFree
            let bucket = overflow.place(Int(number) - 1)
            firstFree = bucket[Self.room]
            bucket[Self.room] = 0
            return number
        }
        Self.append(to: &overflow)
        return Entry(overflow.count - Self.width + 1)
    }

    /// - Parameter number: of a bucket without entries.
    private mutating func free(_ number: Entry) {
        overflow.place(Int(number) - 1)[Self.room] = firstFree
        firstFree = number
    }

    // MARK: Size

    /// One bucket more: the entries of the one it comes from are spread over both.
    @inline(never)
    private mutating func split() {
        let added = bucketCount
        let source = added & ~(1 << (Int.bitWidth - 1 - added.leadingZeroBitCount))
        let entries = empty(source)
        Self.append(to: &homes)
        for entry in entries { enter(entry) }
    }

    /// One bucket less: the entries of the last one go back to where it came from.
    @inline(never)
    private mutating func join() {
        let entries = empty(bucketCount - 1)
        for _ in 0..<Self.width { _ = homes.removeLast() }
        for entry in entries { enter(entry) }
    }

    /// Takes all entries of a bucket and those that did not fit.
    private mutating func empty(_ home: Int) -> [Entry] {
        let bucket = homes.place(Self.width * home)
        var entries = Self.empty(bucket)
        var number = bucket[Self.room]
        bucket[Self.room] = 0
        while number != 0 {
            let bucket = overflow.place(Int(number) - 1)
            entries += Self.empty(bucket)
            let next = bucket[Self.room]
            free(number)
            number = next
        }
        return entries
    }

    private static func empty(_ bucket: Bucket) -> [Entry] {
        var entries: [Entry] = []
        for place in 0..<room where bucket[place] != 0 {
            entries.append(bucket[place])
            bucket[place] = 0
        }
        return entries
    }
}
