/// What is wrong with the configuration, in one line that says where, which setting, and what was expected.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Where a setting comes from.
    enum Source: Equatable {
        case file(path: String, line: Int?)
        case environment(variable: String)
        case option(String)

        var description: String {
            switch self {
            case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
            case .environment(let variable): variable
            case .option(let option): option
            }
        }
    }

    let source: Source
    let problem: String

    var description: String { "\(source.description): \(problem)" }

    var exitStatus: ExitStatus {
        if case .option = source { .usage } else { .configuration }
    }
}
