/// Rows of text in columns, for people. The first column is text and flush left, the others are figures and flush
/// right.
struct Table {
    private var rows: [[String]]

    init(_ titles: [String]) {
        rows = [titles]
    }

    mutating func append(_ row: [String]) {
        rows.append(row)
    }

    /// The lines, the titles first. A last column that is text may be longer than its title.
    func lines(lastColumnIsText: Bool = false) -> [String] {
        let columns = rows[0].count
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, text) in row.enumerated() {
                let blanks = String(repeating: " ", count: widths[column] - text.count)
                let isLast = column == columns - 1
                if column == 0 || isLast && lastColumnIsText {
                    line += isLast ? text : text + blanks
                } else {
                    line += blanks + text
                }
                if !isLast { line += "  " }
            }
            return line
        }
    }
}
