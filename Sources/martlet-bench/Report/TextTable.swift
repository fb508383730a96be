/// Columns of text, numbers to the right.
struct TextTable {
    let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) { self.headings = headings }

    /// Figures of several measurements: a column for each that occurs.
    init(_ measurements: [Measurement], heading: String) {
        var columns: [(key: String, title: String)] = []
        for figure in measurements.flatMap(\.figures) where !columns.contains(where: { $0.key == figure.key }) {
            columns.append((figure.key, figure.title))
        }
        headings = [heading] + columns.map(\.title)
        for measurement in measurements {
            add(
                [measurement.name]
                    + columns.map { column in measurement.figures.first { $0.key == column.key }?.text ?? "" }
            )
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
