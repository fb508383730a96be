/// One page of the manual: its text is Markdown, as far as `Roff` understands it.
struct ManualPage {
    let name: String
    let section: Int
    /// What it is, in a few words: the line that `apropos` shows.
    let summary: String
    let text: String

    var fileName: String { "\(name).\(section)" }

    /// The page as man(1) reads it.
    var roff: String {
        """
        .\\" Written by martlet-manual; changes belong in its sources.
        .TH "\(name.uppercased())" "\(section)" "" "Martlet" "Martlet"
        .SH NAME
        \(Roff.escaped(name)) \\- \(Roff.escaped(summary))

        """ + Roff.body(text)
    }
}
