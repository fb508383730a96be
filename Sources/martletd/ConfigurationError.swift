/// What is wrong with the configuration, in one line that says where, which setting, and what was expected.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    /// Where a setting comes from.
    enum Source: Equatable {
        case file(path: String, line: Int?)
        case environment(variable: String)
        case option(String)
        /// Nobody has set it.
        case defaults

        fileprivate var exitStatus: ExitStatus { if case .option = self { .usage } else { .configuration } }

        /// Whether it says by itself which setting it is.
        var namesSetting: Bool {
            switch self {
            case .environment, .option: true
            case .file, .defaults: false
            }
        }

        var description: String {
            switch self {
            case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
            case .environment(let variable): variable
            case .option(let option): option
            case .defaults: "the configuration"
            }
        }
    }

    let source: Source
    let problem: String

    var description: String { "\(source.description): \(problem)" }

    let exitStatus: ExitStatus

    /// - Parameter exitStatus: by default that of a wrong option if it comes from one.
    init(source: Source, problem: String, exitStatus: ExitStatus? = nil) {
        self.source = source
        self.problem = problem
        self.exitStatus = exitStatus ?? source.exitStatus
    }
}
