/// From a message's id to its slot, within one queue.
///
/// Ids are given out in sequence, so the index is a table in pages of 128, and a page goes as its last message does: an
/// old message holds one page, not all that came after it. Look-up is O(1); four bytes a message.
///
/// Unsafe memory: a page holds `pageLength` initialised numbers from its creation until it leaves `pages`, and the two
/// remembered pages are forgotten as they go.
struct IDIndex: ~Copyable {
    private static let pageBits = 7
    static let pageLength = 1 << pageBits

    private struct Page {
        var slots: UnsafeMutablePointer<UInt32>
        var live = 0

        /// The place of an id's slot; ids are positive.
        @inline(__always)
        func place(of id: Int) -> UnsafeMutablePointer<UInt32> { slots + (id & (IDIndex.pageLength - 1)) }
    }

    private struct Remembered {
        var number = -1
        var page: UnsafeMutablePointer<Page>?
    }

    private var pages: [Int: UnsafeMutablePointer<Page>] = [:]
    /// The page last written to and the one last read from: sends and deletes are usually at work in one each.
    private var writing = Remembered()
    private var reading = Remembered()
    /// An empty page that is kept for the next run of ids: a queue in use allocates none.
    private var spare: UnsafeMutablePointer<Page>?

    init() {}

    deinit {
        for page in pages.values { Self.free(page) }
        if let spare { Self.free(spare) }
    }

    /// The slot of the message, 0 if there is none.
    @inline(__always)
    mutating func slot(of id: Int) -> UInt32 {
        let number = id >> Self.pageBits
        if reading.number != number { turn(to: number) }
        guard reading.number == number, let page = reading.page else { return 0 }
        return page.pointee.place(of: id).pointee
    }

    @inline(never)
    private mutating func turn(to number: Int) {
        if let page = pages[number] { reading = Remembered(number: number, page: page) }
    }

    @inline(__always)
    mutating func insert(_ id: Int, _ slot: UInt32) {
        let page = pageForWriting(id >> Self.pageBits)
        page.pointee.place(of: id).pointee = slot
        page.pointee.live += 1
    }

    @inline(__always)
    mutating func remove(_ id: Int) {
        guard slot(of: id) != 0, let page = reading.page else { return }
        page.pointee.place(of: id).pointee = 0
        page.pointee.live -= 1
        if page.pointee.live == 0 { emptied(id >> Self.pageBits, page) }
    }

    @inline(never)
    private mutating func emptied(_ number: Int, _ page: UnsafeMutablePointer<Page>) {
        // The page being written is kept: an empty queue that is used would else allocate one for each message.
        if writing.number == number { return }
        forget(number, page)
    }

    /// The lowest id from `id` on that can be in use, up to `end`: whole pages that are gone are skipped.
    func nextPossible(from id: Int, through end: Int) -> Int {
        let number = id / Self.pageLength
        guard pages[number] == nil else { return id }
        // By steps where the gap may be short, else by a look at all pages.
        let last = end / Self.pageLength
        guard last - number > pages.count else { return (number + 1) * Self.pageLength }
        let next = pages.keys.lazy.filter { $0 > number }.min() ?? last + 1
        return next * Self.pageLength
    }

    @inline(__always)
    private mutating func pageForWriting(_ number: Int) -> UnsafeMutablePointer<Page> {
        if writing.number == number, let page = writing.page { return page }
        return nextPageForWriting(number)
    }

    @inline(never)
    private mutating func nextPageForWriting(_ number: Int) -> UnsafeMutablePointer<Page> {
        let last = writing
        let page = pages[number] ?? addPage(number)
        writing = Remembered(number: number, page: page)
        if let emptied = last.page, emptied.pointee.live == 0 { forget(last.number, emptied) }
        return page
    }

    private mutating func addPage(_ number: Int) -> UnsafeMutablePointer<Page> {
        if let page = spare {
            spare = nil
            pages[number] = page
            return page
        }
        let slots = UnsafeMutablePointer<UInt32>.allocate(capacity: Self.pageLength)
        slots.initialize(repeating: 0, count: Self.pageLength)
        let page = UnsafeMutablePointer<Page>.allocate(capacity: 1)
        page.initialize(to: Page(slots: slots))
        pages[number] = page
        return page
    }

    private mutating func forget(_ number: Int, _ page: UnsafeMutablePointer<Page>) {
        if reading.number == number { reading = Remembered() }
        if writing.number == number { writing = Remembered() }
        pages[number] = nil
        // Without messages all its slots are 0, as in a new one.
        if spare == nil { spare = page } else { Self.free(page) }
    }

    private static func free(_ page: UnsafeMutablePointer<Page>) {
        page.pointee.slots.deallocate()
        page.deallocate()
    }
}
