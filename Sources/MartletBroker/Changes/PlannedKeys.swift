/// The `dedup` keys that a plan brings, for its later parts.
///
/// The keys lie in the request, which outlives the plan.
struct PlannedKeys: ~Copyable {
    struct Sighting {
        let queue: UInt32
        let key: UnsafeRawBufferPointer
        let hash: UInt32
        let id: Int
        let state: Message.State
    }

    private var sightings: [Sighting] = []
    private var index = HashIndex()

    var isEmpty: Bool { sightings.isEmpty }

    func find(_ key: UnsafeRawBufferPointer, _ hash: UInt32, in queue: UInt32) -> Sighting? {
        guard !isEmpty else { return nil }
        let number = index.find(hash) {
            sightings[Int($0)].queue == queue && sightings[Int($0)].key.elementsEqual(key)
        }
        return number.map { sightings[Int($0)] }
    }

    /// - Parameter sighting: of a key that is not there for its queue.
    mutating func insert(_ sighting: Sighting) {
        index.insert(sighting.hash, UInt32(sightings.count))
        sightings.append(sighting)
    }

    mutating func removeAll() {
        guard !isEmpty else { return }
        sightings.removeAll(keepingCapacity: sightings.count <= 1024)
        index.removeAll()
    }
}
