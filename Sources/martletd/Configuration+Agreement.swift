import MartletServer

// Settings that are right by themselves, and wrong together.
extension Configuration {
    /// Bytes of a line that its body leaves to the rest of the request.
    private static let bytesOfRequest = 256

    func checkAgreement() throws(ConfigurationError) {
        try checkBodyFitsLine()
        try checkGivenOnce("listen", listen.filter { !$0.takesAnyPort }.map(\.description))
        try checkGivenOnce("unix", unix)
    }

    /// A limit of bodies that nobody has set is one that longer lines would have.
    private func checkBodyFitsLine() throws(ConfigurationError) {
        let (body, line) = (broker.limits.maxBody, broker.limits.maxLine)
        guard origins["max_body"] != nil, body > line - Self.bytesOfRequest else { return }
        throw contradiction(
            "max_body",
            "\(ByteSize.text(body)) do not fit into a line of at most \(ByteSize.text(line)) with the rest of the "
                + "request: `max_line` must be \(Self.bytesOfRequest) bytes larger at least"
        )
    }

    private func checkGivenOnce(_ key: String, _ values: [String]) throws(ConfigurationError) {
        var seen: Set<String> = []
        guard let twice = values.first(where: { !seen.insert($0).inserted }) else { return }
        throw contradiction(key, "\(twice) is given twice")
    }

    /// - Parameter key: of the setting that is named, with where it stands.
    func contradiction(_ key: String, _ problem: String) -> ConfigurationError {
        let source = origins[key] ?? .defaults
        return ConfigurationError(
            source: source,
            problem: (source.namesSetting ? "" : "`\(key)`: ") + problem,
            exitStatus: .configuration
        )
    }

    /// What cannot be said to be wrong before the start, or is not wrong everywhere.
    /// - Parameter environment: the value of a variable.
    func doubts(_ environment: @escaping (String) -> String?) -> [String] {
        let doubt = journal.mode == .disk && Surroundings(environment: environment).lacksDirectory(self)
        return (doubt ? ["`durability`: \(Surroundings.noDirectory)"] : []) + undeclaredBindings
    }

    private var undeclaredBindings: [String] {
        let declared = Set(queues.map(\.name))
        let consequence =
            journal.mode == .none
            ? "it is not there at the start, and the binding not made" : "unless the journal has it, no binding is made"
        return bindings.filter { !declared.contains($0.queue) }.map {
            "`bindings`: the queue `\($0.queue)` is not among `queues`: \(consequence)"
        }
    }
}

extension SocketAddress {
    /// Port 0 is another one each time.
    fileprivate var takesAnyPort: Bool { if case .internet(_, 0) = self { true } else { false } }
}
