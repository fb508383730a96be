/// A small graph in one line: the last samples, each a bar of eight heights.
struct Sparkline {
    private(set) var samples: [Double] = []
    /// How many samples are kept.
    let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func append(_ sample: Double) {
        samples.append(sample)
        if samples.count > capacity { samples.removeFirst() }
    }

    /// The latest `width` samples, the newest at the right; the highest of them reaches the top.
    func text(width: Int) -> String {
        let bars = Array("▁▂▃▄▅▆▇█")
        let shown = samples.suffix(width)
        let top = shown.max() ?? 0
        return String(
            shown.map { sample in
                top > 0 ? bars[min(7, max(0, Int((sample / top * 7).rounded())))] : bars[0]
            }
        )
    }
}
