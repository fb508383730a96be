extension Action {
    /// The same request, with leases whose receipt no one has been told yet replaced by one that never was: number 0.
    ///
    /// A receipt may be on its way in a reply that is still held back behind a waiting receive.
    func naming(only isKnown: (Int) -> Bool) -> Action {
        func known(_ reference: MessageReference) -> MessageReference {
            guard case .receipt(let lease, _) = reference, !isKnown(lease) else { return reference }
            return .receipt(lease: 0, id: 0)
        }
        switch self {
        case .delete(let queue, let references, let isList, let force):
            return .delete(queue: queue, references.map(known), isList: isList, force: force)
        case .release(let queue, let reference, let delay, let uncounted):
            return .release(queue: queue, known(reference), delay: delay, uncounted: uncounted)
        case .extend(let queue, let reference, let lease):
            return .extend(queue: queue, known(reference), lease: lease)
        case .reject(let queue, let reference, let reason):
            return .reject(queue: queue, known(reference), reason: reason)
        case .atomic(let parts): return .atomic(parts.map { $0.naming(only: isKnown) })
        default: return self
        }
    }
}
