/// A set in ascending order: what is asked often and changed rarely.
///
/// Look-up is O(log n). A change moves what is behind it, which for a hundred thousand numbers takes microseconds.
struct SortedSet<Element: Comparable> {
    private(set) var elements: [Element] = []

    var isEmpty: Bool { elements.isEmpty }

    func contains(_ element: Element) -> Bool {
        let place = place(of: element)
        return place < elements.count && elements[place] == element
    }

    /// Returns whether it was not there before.
    @discardableResult
    mutating func insert(_ element: Element) -> Bool {
        let place = place(of: element)
        if place < elements.count, elements[place] == element { return false }
        elements.insert(element, at: place)
        return true
    }

    /// Returns whether it was there.
    @discardableResult
    mutating func remove(_ element: Element) -> Bool {
        let place = place(of: element)
        guard place < elements.count, elements[place] == element else { return false }
        elements.remove(at: place)
        return true
    }

    mutating func removeLast() -> Element { elements.removeLast() }

    /// The elements behind one, which need not be there any more; all if there is none.
    func elements(after element: Element?) -> ArraySlice<Element> {
        guard let element else { return elements[...] }
        let place = place(of: element)
        return elements[place...].drop { $0 == element }
    }

    /// The index of the first element that is not less.
    private func place(of element: Element) -> Int {
        var (low, high) = (0, elements.count)
        while low < high {
            let middle = (low + high) / 2
            if elements[middle] < element { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
