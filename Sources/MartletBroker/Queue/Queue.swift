import MartletProtocol

/// One named queue: which of its messages are ready, delayed, leased or dead, and who waits for them.
///
/// A queue only keeps the books. The messages themselves are in the broker's store, which every method is handed; what
/// is to be done, and when, is the broker's business.
///
/// Invariant: every message of the queue is in `ids`, is counted in exactly one of `ready`, `delayed`, `leased` and
/// `dead`, and stands where its state says: see `checkInvariants(in:)`.
final class Queue {
    /// About what a queue takes without its messages: the object, its ready levels, its first page of ids.
    static let size = 2048

    private(set) var name: String
    private(set) var nameBytes: [UInt8]
    /// Its place in the broker's table, used again after it is gone.
    let index: UInt32
    /// Never used for another queue.
    let number: UInt32
    var settings: QueueSettings {
        didSet { settingsChanged(from: oldValue) }
    }

    /// Created because a send, receive or subscribe named it.
    var isAutoCreated: Bool
    /// The session whose temporary queue it is; 0 if it is not.
    var owner: UInt32 = 0
    /// Whether it is among the broker's touched or unserved queues.
    var isTouched = false
    /// Monotonic milliseconds at which a request last named it, a message last left it or a consumer last gave up.
    var lastUsed: Int
    /// It was dropped: no one can name it any more.
    var isHidden = false
    /// Of a dropped queue that is being emptied: messages below this id are gone.
    var clearedTo = 1
    /// Of a dropped queue: the sessions below this index have no consumers of it any more.
    var dismissedTo: UInt32 = 0
    var sendIsPaused = false
    var receiveIsPaused = false
    /// The journal segment in which it was last stated; 0 for none.
    var statedIn: UInt32 = 0
    /// The first journal segment that its bindings are recovered from; 0 for none.
    var boundFrom: UInt32 = 0

    // Messages.
    private(set) var lastID = 0
    var ids = IDIndex()
    var readyMessages = ReadyMessages()
    private(set) var delayedMessages = MessageList()
    private(set) var leasedMessages = MessageList()
    private(set) var deadMessages = MessageList()
    var groups = GroupTable()
    private(set) var ready = 0
    private(set) var delayed = 0
    private(set) var leased = 0
    private(set) var dead = 0
    /// Payload bytes of all its messages, and of the dead ones.
    private(set) var bytes = 0
    private var deadBytes = 0
    /// Payload bytes of the leased ones: nil until somebody has to know, and kept up to date from then on.
    var leasedBytes: Int?
    /// No message below this id can be dropped by an overflow: it is gone, leased or dead.
    private var dropCursor = 1
    var arrivals = Arrivals()
    var dedup = DedupTable()
    var history = History()

    /// What the request being decided will bring.
    var planned = PlannedMessages()

    // Consumers.
    /// Those who could take a message now, in the order in which they are served.
    var line = ClaimLine()
    /// Waiting receives and subscriptions, with and without credit.
    var consumers = 0
    var bucket: TokenBucket?
    /// The broker's handle for "there are tokens again".
    var rateTimer: UInt32 = 0
    /// The broker's handle for "it has not been used for long".
    var unusedTimer: UInt32 = 0

    // What it has done.
    var counters = QueueCounters()
    var rates = RateWindow()
    var waits = WaitHistogram()

    init(name: String, index: UInt32, number: UInt32, settings: QueueSettings, isAutoCreated: Bool, now: Int) {
        self.name = name
        nameBytes = Array(name.utf8)
        self.index = index
        self.number = number
        self.settings = settings
        self.isAutoCreated = isAutoCreated
        lastUsed = now
    }

    /// It stands in no segment of the journal any more.
    func forgetSegments() {
        (statedIn, boundFrom) = (0, 0)
        dedup.forgetSegments()
        history.forgetSegments()
    }

    /// Its table finds it by the new name after this.
    func rename(_ name: String) {
        self.name = name
        nameBytes = Array(name.utf8)
    }

    /// What it has done counts from now on.
    func forgetFigures() {
        counters = QueueCounters()
        rates = RateWindow()
        waits = WaitHistogram()
        bucket = nil
    }

    /// Frees so many of the keys and records that it remembers. Returns whether there are no more.
    func forget(atMost count: Int) -> Bool {
        dedup.forget(olderThan: .max, atMost: count)
        history.keep(0)
        history.free(count)
        return dedup.isEmpty && history.isClean
    }

    /// Messages that a limit counts: what is dead is kept until someone looks after it, and does not block the living.
    var limitedCount: Int { ready + delayed + leased }
    var limitedBytes: Int { bytes - deadBytes }
    var messageCount: Int { limitedCount + dead }
    var isEmpty: Bool { messageCount == 0 }

    func count(_ state: Message.State) -> Int {
        switch state {
        case .ready: ready
        case .delayed: delayed
        case .leased: leased
        case .dead: dead
        }
    }

    private func settingsChanged(from old: QueueSettings) {
        if settings.rate != old.rate || settings.burst != old.burst { bucket = nil }
        history.keep(settings.history)
    }

    // MARK: Coming and going

    /// A new message takes its id; it is placed by `place`.
    @inline(__always)
    func add(_ slot: UInt32, _ message: MessageRecord, in store: borrowing MessageStore) {
        let id = message.pointee.id
        if id > lastID { lastID = id }
        ids.insert(id, slot)
        bytes += store.payload(of: message).count
        let group = message.pointee.group
        if group != 0 { groups[group].members += 1 }
    }

    /// Ids up to this one have been given out, though the messages may be gone.
    func raiseLastID(to id: Int) { lastID = max(lastID, id) }

    /// A message goes for good; the store removes it after this.
    @inline(__always)
    func remove(_ slot: UInt32, _ message: MessageRecord, in store: borrowing MessageStore) {
        unplace(slot, message, in: store)
        ids.remove(message.pointee.id)
        bytes -= store.payload(of: message).count
        let group = message.pointee.group
        if group != 0 { groups.removeMember(of: group) }
    }

    /// The payload of a message is about to be, or has been, replaced.
    func adjustBytes(by difference: Int) { bytes += difference }

    // MARK: States

    /// Puts a message that stands nowhere where `state` says.
    @inline(__always)
    func place(_ slot: UInt32, _ state: Message.State, in store: borrowing MessageStore) {
        place(slot, store.records.place(slot), state, in: store)
    }

    @inline(__always)
    func place(
        _ slot: UInt32,
        _ message: MessageRecord,
        _ state: Message.State,
        in store: borrowing MessageStore
    ) {
        message.pointee.state = state
        switch state {
        case .ready:
            ready += 1
            if message.pointee.id < dropCursor { dropCursor = message.pointee.id }
            if message.pointee.group == 0 {
                readyMessages.insert(slot, message, in: store.records)
            } else {
                queueUp(slot, in: store)
            }
        case .delayed:
            delayed += 1
            if message.pointee.id < dropCursor { dropCursor = message.pointee.id }
            if message.pointee.group == 0 {
                delayedMessages.append(slot, message, in: store.records)
            } else {
                queueUp(slot, in: store)
            }
        case .leased:
            leased += 1
            if let bytes = leasedBytes { leasedBytes = bytes + store.payload(of: message).count }
            leasedMessages.append(slot, message, in: store.records)
            let group = message.pointee.group
            guard group != 0 else { return }
            groups[group].leased += 1
            offerFirst(ofGroup: group, in: store)
        case .dead:
            dead += 1
            deadBytes += store.payload(of: message).count
            deadMessages.append(slot, message, in: store.records)
        }
    }

    /// Takes a message from where its state has put it.
    @inline(__always)
    func unplace(_ slot: UInt32, in store: borrowing MessageStore) {
        unplace(slot, store.records.place(slot), in: store)
    }

    @inline(__always)
    func unplace(_ slot: UInt32, _ message: MessageRecord, in store: borrowing MessageStore) {
        let group = message.pointee.group
        switch message.pointee.state {
        case .ready:
            ready -= 1
            if group == 0 {
                readyMessages.remove(slot, message, in: store.records)
            } else {
                leaveGroup(slot, in: store)
            }
        case .delayed:
            delayed -= 1
            if group == 0 {
                delayedMessages.remove(message, in: store.records)
            } else {
                leaveGroup(slot, in: store)
            }
        case .leased:
            leased -= 1
            if let bytes = leasedBytes { leasedBytes = bytes - store.payload(of: message).count }
            leasedMessages.remove(message, in: store.records)
            guard group != 0 else { return }
            groups[group].leased -= 1
            offerFirst(ofGroup: group, in: store)
        case .dead:
            dead -= 1
            deadBytes -= store.payload(of: message).count
            deadMessages.remove(message, in: store.records)
        }
    }

    // MARK: Groups

    /// Puts a message into its group's line by its id.
    private func queueUp(_ slot: UInt32, in store: borrowing MessageStore) {
        let message = store.records.place(slot)
        let group = message.pointee.group
        let offered = groups[group].offered
        if offered != 0, message.pointee.id < store[offered].id { withdraw(offered, of: group, in: store) }
        groups[group].waiting.insert(slot, message, in: store.records)
        offerFirst(ofGroup: group, in: store)
    }

    private func leaveGroup(_ slot: UInt32, in store: borrowing MessageStore) {
        let message = store.records.place(slot)
        let group = message.pointee.group
        if groups[group].offered == slot {
            readyMessages.remove(slot, message, in: store.records)
            groups[group].offered = 0
        } else {
            groups[group].waiting.remove(slot, message, in: store.records)
        }
        offerFirst(ofGroup: group, in: store)
    }

    /// Lets the group's first message stand among the ready ones if it may be delivered, and no other.
    private func offerFirst(ofGroup group: UInt32, in store: borrowing MessageStore) {
        let isOpen = groups[group].leased < settings.groupConcurrency
        let offered = groups[group].offered
        guard offered == 0 else {
            if !isOpen { withdraw(offered, of: group, in: store) }
            return
        }
        let first = groups[group].waiting.first(in: store.records)
        guard isOpen, first != 0, store[first].state == .ready else { return }
        let message = store.records.place(first)
        groups[group].waiting.remove(first, message, in: store.records)
        readyMessages.insert(first, message, in: store.records)
        groups[group].offered = first
    }

    private func withdraw(_ offered: UInt32, of group: UInt32, in store: borrowing MessageStore) {
        let message = store.records.place(offered)
        readyMessages.remove(offered, message, in: store.records)
        groups[group].waiting.insert(offered, message, in: store.records)
        groups[group].offered = 0
    }

    /// After a change of `group_concurrency`: so many groups from `first` on. Returns the number of the next one; 0 if
    /// there is none.
    func offerGroups(from first: UInt32, atMost count: Int, in store: borrowing MessageStore) -> UInt32 {
        // With its last group the table begins anew, and what comes then is offered as the settings say.
        guard Int(first) < groups.capacity else { return 0 }
        let end = min(Int(first) + count, groups.capacity)
        for group in Int(first)..<end where groups[UInt32(group)].members > 0 {
            offerFirst(ofGroup: UInt32(group), in: store)
        }
        return end < groups.capacity ? UInt32(end) : 0
    }

    // MARK: Finding

    /// The message that is delivered next; 0 if there is none.
    func nextReady(in store: borrowing MessageStore) -> UInt32 { readyMessages.first(in: store.records) }

    /// Messages in a state: ready ones in the order in which they leave, with those that their group holds back last;
    /// the others in the order in which they came into that state.
    func messages(_ state: Message.State, atMost limit: Int, in store: borrowing MessageStore) -> [UInt32] {
        switch state {
        case .leased: return leasedMessages.prefix(limit, in: store.records)
        case .dead: return deadMessages.prefix(limit, in: store.records)
        case .ready:
            let first = readyMessages.prefix(limit, in: store.records)
            return first + heldBack(.ready, atMost: limit - first.count, in: store)
        case .delayed:
            let first = delayedMessages.prefix(limit, in: store.records)
            return first + heldBack(.delayed, atMost: limit - first.count, in: store)
        }
    }

    /// Payload bytes of the messages that have been dead longest; of many, but not all, at least so many.
    func bytes(ofFirstDead count: Int, in store: borrowing MessageStore) -> Int {
        guard count < dead else { return deadBytes }
        // What does not fit after all stays where it is, since the job looks at each.
        let looked = min(count, 50_000)
        var sum = 0
        for slot in deadMessages.prefix(looked, in: store.records) { sum += store.payload(of: slot).count }
        return sum
    }

    /// Messages of groups that do not stand among the ready ones.
    private func heldBack(_ state: Message.State, atMost limit: Int, in store: borrowing MessageStore) -> [UInt32] {
        var found: [UInt32] = []
        guard limit > 0, groups.count > 0, count(state) > 0 else { return found }
        for group in groups.numbersInUse {
            guard found.count < limit else { break }
            found += groups[group].waiting.prefix(limit - found.count, state, in: store.records)
        }
        return found
    }

    /// Whether there is more than the settings allow.
    var isOverLimits: Bool {
        settings.maxMessages > 0 && limitedCount > settings.maxMessages
            || settings.maxBytes > 0 && limitedBytes > settings.maxBytes
    }

    /// The oldest message that an overflow may drop: ready or delayed; 0 if there is none.
    func oldestDroppable(in store: borrowing MessageStore) -> UInt32 {
        guard ready + delayed > 0 else { return 0 }
        var found: UInt32 = 0
        var id = dropCursor
        while id <= lastID, found == 0 {
            id = ids.nextPossible(from: id, through: lastID)
            let slot = id <= lastID ? ids.slot(of: id) : 0
            if slot != 0, store[slot].state == .ready || store[slot].state == .delayed { found = slot } else { id += 1 }
        }
        dropCursor = id
        return found
    }
}
