// Who holds which lease: a session lets go of what it took as it closes, a subscription gets its credit back.
extension Broker {
    /// Notes a new lease with its session and takes a subscription's credit.
    @inline(__always)
    func hold(_ lease: UInt32) {
        let held = leases.place(lease)
        if let session = sessions.reference(held.pointee.session) {
            session.lend { session in
                held.pointee.next = session.firstLease
                if session.firstLease != 0 {
                    leases[session.firstLease].previous = lease
                } else {
                    session.lastLease = lease
                }
                session.firstLease = lease
            }
        }
        let consumer = held.pointee.consumer
        guard consumer != 0 else { return }
        consumers[consumer].credit -= 1
        if consumers[consumer].credit == 0 { stepOut(consumer) }
    }

    /// A lease has ended, in whatever way.
    @inline(__always)
    func letGo(_ lease: UInt32) {
        let ended = leases.place(lease)
        let (previous, next, consumer) = (ended.pointee.previous, ended.pointee.next, ended.pointee.consumer)
        guard let session = sessions.reference(ended.pointee.session) else { return }
        session.lend { session in
            if previous == 0 { session.firstLease = next } else { leases[previous].next = next }
            if next == 0 { session.lastLease = previous } else { leases[next].previous = previous }
            // The consumers of a connection that is gone went before its leases.
            if consumer != 0, !session.isGone { giveCredit(to: consumer) }
        }
    }

    private func giveCredit(to consumer: UInt32) {
        consumers[consumer].credit += 1
        if consumers[consumer].credit == 1 { stepIn(consumer) }
    }

    /// Cuts a lease loose from its session and its consumer, which go while it stays.
    func detach(_ lease: UInt32) {
        letGo(lease)
        leases[lease].session = 0
        leases[lease].consumer = 0
        leases[lease].previous = 0
        leases[lease].next = 0
    }

    /// The message leased under a receipt `ID.SERIAL`; 0 if that lease has ended.
    func message(ofReceipt receipt: UnsafeRawBufferPointer, in queue: Queue) -> UInt32 {
        guard let dot = receipt.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
        guard let id = Int(String(decoding: receipt[..<dot], as: UTF8.self)), id > 0,
            let serial = UInt64(String(decoding: receipt[(dot + 1)...], as: UTF8.self), radix: 16)
        else { return 0 }
        let slot = queue.ids.slot(of: id)
        guard slot != 0, store[slot].state == .leased, leases[store[slot].place].serial == serial else { return 0 }
        return slot
    }
}
