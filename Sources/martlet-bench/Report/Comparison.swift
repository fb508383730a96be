/// Rounds of Martlet and a peer in turn. Only ratios of runs that follow each other count, as machines drift from
/// minute to minute.
struct Comparison {
    /// The first measurement of each round.
    private(set) var rounds: [(martlet: Measurement, peer: Measurement)] = []

    struct Row: Equatable {
        let key: String
        let title: String
        let martlet: Double
        let peer: Double
        /// Median of the rounds' ratios, Martlet's over the peer's.
        let ratio: Double
        let lowest: Double
        let highest: Double
        let digits: Int
    }

    mutating func add(martlet: Measurement, peer: Measurement) { rounds.append((martlet, peer)) }

    /// A row for each figure that both sides have in all rounds.
    var rows: [Row] {
        guard let first = rounds.first else { return [] }
        return first.martlet.figures.compactMap { figure in
            let pairs = rounds.compactMap { round -> (Double, Double)? in
                guard let mine = round.martlet.figure(figure.key), let theirs = round.peer.figure(figure.key) else {
                    return nil
                }
                return (mine.value, theirs.value)
            }
            let ratios = pairs.filter { $0.1 != 0 }.map { $0.0 / $0.1 }
            guard pairs.count == rounds.count, ratios.count == rounds.count else { return nil }
            return Row(
                key: figure.key,
                title: figure.title,
                martlet: Self.median(pairs.map(\.0)),
                peer: Self.median(pairs.map(\.1)),
                ratio: Self.median(ratios),
                lowest: ratios.min() ?? 0,
                highest: ratios.max() ?? 0,
                digits: figure.digits
            )
        }
    }

    static func median(_ values: [Double]) -> Double {
        if values.isEmpty { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    func text(peer: String) -> String {
        var table = TextTable(["medians of \(rounds.count)", "martlet", peer, "ratio", "lowest", "highest"])
        for row in rows {
            let values = [row.martlet, row.peer].map { Figure.text($0, digits: row.digits) }
            let ratios = [row.ratio, row.lowest, row.highest].map { Figure.text($0, digits: 2) + "×" }
            table.add([row.title] + values + ratios)
        }
        return table.text
    }

    var json: String {
        JSONText.array(
            rows.map { row in
                JSONText.object([
                    ("figure", JSONText.string(row.key)),
                    ("martlet", JSONText.number(row.martlet)),
                    ("peer", JSONText.number(row.peer)),
                    ("ratio", JSONText.number(row.ratio)),
                    ("lowest", JSONText.number(row.lowest)),
                    ("highest", JSONText.number(row.highest)),
                ])
            }
        )
    }
}
