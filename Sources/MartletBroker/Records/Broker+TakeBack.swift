/// The messages that never became durable, found as the entries are read that say how they came and where they went.
package struct LostMessages {
    fileprivate struct Name: Hashable {
        let queue: UInt32
        let id: Int
    }

    fileprivate var names: Set<Name> = []

    package init() {}
}

// After the journal has failed.
extension Broker {
    /// Takes back the messages of an entry that never became durable: their producers were told so, and nobody is to
    /// see them, in whatever queue they are by now.
    /// - Parameters:
    ///   - entry: its payload, as it was recorded.
    ///   - lost: the same for all such entries, which come in order.
    package func takeBack(_ entry: UnsafeRawBufferPointer, _ lost: inout LostMessages) {
        var reader = RecordReader(entry)
        do throws(RecordDefect) {
            _ = try reader.number(Int.self)
            while !reader.isAtEnd {
                let kind = try reader.kind()
                var head = reader
                switch kind {
                case .sent, .sentAgain: takeBack(try name(&head), &lost)
                case .deadLettered, .moved:
                    // It has a new name. If it was durable under the old one, it is kept, and may be seen.
                    if lost.names.contains(try name(&head)) { takeBack(try name(&head), &lost) }
                default: break
                }
                try reader.skipFields(of: kind)
            }
        } catch {
            preconditionFailure("what was recorded by this run can be read: \(error)")
        }
    }

    private func name(_ reader: inout RecordReader) throws(RecordDefect) -> LostMessages.Name {
        LostMessages.Name(queue: try reader.number(UInt32.self), id: try reader.number(Int.self))
    }

    private func takeBack(_ name: LostMessages.Name, _ lost: inout LostMessages) {
        lost.names.insert(name)
        guard let queue = queues.all.first(where: { $0.number == name.queue }) else { return }
        let slot = queue.ids.slot(of: name.id)
        if slot != 0 { apply(.removed(message: slot, .purged, by: 0)) }
    }
}
