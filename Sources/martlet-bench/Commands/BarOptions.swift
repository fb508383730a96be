import ArgumentParser

/// A bar that a figure has to clear: makes a measurement a check that scripts can use.
struct BarOptions: ParsableArguments {
    @Option(help: "The figure that --at-least and --at-most look at, by its name in JSON.")
    var figure = "messages_per_second"

    @Option(help: ArgumentHelp("Fail when the figure (compare: its median ratio) is lower.", valueName: "value"))
    var atLeast: Double?

    @Option(help: ArgumentHelp("Fail when the figure (compare: its median ratio) is higher.", valueName: "value"))
    var atMost: Double?

    /// Says whether all values clear the bar, and ends with 1 if not. Says nothing where no bar is set.
    /// - Parameter values: of the figure.
    func judge(_ values: [Double]) throws {
        if atLeast == nil, atMost == nil { return }
        guard let lowest = values.min(), let highest = values.max() else {
            throw LoadError("there is no figure \(figure)")
        }
        let isCleared = lowest >= atLeast ?? -.infinity && highest <= atMost ?? .infinity
        let bar = [atLeast.map { "at least \($0)" }, atMost.map { "at most \($0)" }].compactMap { $0 }
        let worst = atMost == nil ? lowest : highest
        let verdict = isCleared ? "met" : "MISSED"
        print("\(verdict): \(figure) \(Figure.text(worst, digits: 2)), \(bar.joined(separator: ", "))")
        if !isCleared { throw ExitCode(1) }
    }
}
