/// Columns of text, numbers to the right.
struct TextTable {
    let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    /// Figures of measurements: a line for each figure that occurs, a column for each measurement, as there are many
    /// figures and few measurements.
    init(_ measurements: [Measurement]) {
        headings = [""] + measurements.map(\.name)
        var keys: [String] = []
        for figure in measurements.flatMap(\.figures) where !keys.contains(figure.key) {
            keys.append(figure.key)
            add([figure.title] + measurements.map { $0.figure(figure.key)?.text ?? "" })
        }
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = headings.indices.map { column in ([headings] + rows).map { $0[column].count }.max() ?? 0 }
        return ([headings] + rows).map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
