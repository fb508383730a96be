/// From a message's id to its slot, within one queue.
///
/// Ids are given out in sequence, so the index is a table in pages of 128, and a page goes as its last message does: an
/// old message holds one page, not all that came after it. Look-up is O(1); four bytes a message.
///
/// Unsafe memory: a page holds `pageLength` initialised slots and the number of those in use, from its creation until
/// it is freed. It is in exactly one place: it is the one being written, or in `pages`, or the spare one; `reading` is
/// forgotten as its page leaves these.
struct IDIndex: ~Copyable {
    private static let pageBits = 7
    static let pageLength = 1 << pageBits

    private struct Page {
        /// The slots, and behind them how many are in use.
        let memory: UnsafeMutablePointer<UInt32>

        init() {
            memory = .allocate(capacity: IDIndex.pageLength + 1)
            memory.initialize(repeating: 0, count: IDIndex.pageLength + 1)
        }

        /// The place of an id's slot; ids are positive.
        @inline(__always)
        func place(of id: Int) -> UnsafeMutablePointer<UInt32> { memory + (id & (IDIndex.pageLength - 1)) }

        @inline(__always)
        var live: UInt32 {
            get { memory[IDIndex.pageLength] }
            nonmutating set { memory[IDIndex.pageLength] = newValue }
        }
    }

    private struct Remembered {
        var number = -1
        var page: Page?
    }

    /// All pages with messages but the one being written.
    private var pages: [Int: Page] = [:]
    /// The page last written to, whether it has messages or not: a queue with few messages has no other.
    private var writing = Remembered()
    /// The one last read from: deletes are usually at work in one.
    private var reading = Remembered()
    /// An empty page that is kept for the next run of ids: a queue in use allocates none.
    private var spare: Page?

    /// With the first page, so that a publish to thousands of new queues does not wait for the memory of each.
    init() { writing = Remembered(number: 0, page: Page()) }

    deinit {
        for page in pages.values { page.memory.deallocate() }
        writing.page?.memory.deallocate()
        spare?.memory.deallocate()
    }

    /// The slot of the message, 0 if there is none.
    @inline(__always)
    mutating func slot(of id: Int) -> UInt32 {
        let number = id >> Self.pageBits
        if reading.number != number { turn(to: number) }
        guard reading.number == number, let page = reading.page else { return 0 }
        return page.place(of: id).pointee
    }

    @inline(never)
    private mutating func turn(to number: Int) {
        if let page = page(number) { reading = Remembered(number: number, page: page) }
    }

    private func page(_ number: Int) -> Page? { writing.number == number ? writing.page : pages[number] }

    @inline(__always)
    mutating func insert(_ id: Int, _ slot: UInt32) {
        let page = pageForWriting(id >> Self.pageBits)
        page.place(of: id).pointee = slot
        page.live += 1
    }

    @inline(__always)
    mutating func remove(_ id: Int) {
        guard slot(of: id) != 0, let page = reading.page else { return }
        page.place(of: id).pointee = 0
        page.live -= 1
        // The page being written is kept: an empty queue that is used would else allocate one for each message.
        if page.live == 0, writing.number != id >> Self.pageBits { remove(page: id >> Self.pageBits) }
    }

    @inline(never)
    private mutating func remove(page number: Int) {
        if let page = pages.removeValue(forKey: number) { recycle(page, number) }
    }

    /// The lowest id from `id` on that can be in use, up to `end`: whole pages that are gone are skipped.
    func nextPossible(from id: Int, through end: Int) -> Int {
        let number = id / Self.pageLength
        guard page(number) == nil else { return id }
        // By steps where the gap may be short, else by a look at all pages.
        let last = end / Self.pageLength
        guard last - number > pages.count else { return (number + 1) * Self.pageLength }
        var next = pages.keys.lazy.filter { $0 > number }.min() ?? last + 1
        if writing.number > number { next = min(next, writing.number) }
        return next * Self.pageLength
    }

    @inline(__always)
    private mutating func pageForWriting(_ number: Int) -> Page {
        if writing.number == number, let page = writing.page { return page }
        return nextPageForWriting(number)
    }

    @inline(never)
    private mutating func nextPageForWriting(_ number: Int) -> Page {
        let known = pages.isEmpty ? nil : pages.removeValue(forKey: number)
        // Before the last one can become the spare one, or that would be freed and soon be missed.
        let next = known ?? takeSpare()
        if let last = writing.page {
            if last.live == 0 { recycle(last, writing.number) } else { pages[writing.number] = last }
        }
        let page = next ?? takeSpare() ?? Page()
        writing = Remembered(number: number, page: page)
        return page
    }

    private mutating func takeSpare() -> Page? {
        defer { spare = nil }
        return spare
    }

    /// A page has lost its last message: all its slots are 0, as in a new one.
    private mutating func recycle(_ page: Page, _ number: Int) {
        if reading.number == number { reading = Remembered() }
        if spare == nil { spare = page } else { page.memory.deallocate() }
    }
}
