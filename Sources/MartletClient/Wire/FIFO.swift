/// First in, first out: an array whose front moves. Appending and taking are O(1) amortised.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        // The taken half is given back before it outweighs the rest.
        if head == elements.count || head > 64 && head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    var first: Element? { isEmpty ? nil : elements[head] }

    /// Everything, in order. O(n).
    mutating func removeAll() -> [Element] {
        defer {
            elements = []
            head = 0
        }
        return elements[head...].compactMap { $0 }
    }

    /// Replaces the first element for which `replacement` says what to put in its place. O(n).
    mutating func replaceFirst(where isWanted: (Element) -> Bool, with replacement: (Element) -> Element?) -> Element? {
        guard let place = elements[head...].firstIndex(where: { $0.map(isWanted) ?? false }),
            let element = elements[place]
        else { return nil }
        if let new = replacement(element) { elements[place] = new } else { elements.remove(at: place) }
        return element
    }
}
