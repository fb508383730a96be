import Glibc

/// Reads the configuration from where it can stand: options win over the environment, the environment over the file,
/// the file over the defaults.
///
///     let source = SettingsSource(file: options.config, options: options.settings)
///     let configuration = try source.read()          // and again at SIGHUP
struct SettingsSource: Sendable {
    /// The path of the configuration file, if there is one.
    let file: String?
    /// Values of options by key of their setting.
    let options: [(key: String, values: [String])]
    let environment: @Sendable (String) -> String?

    init(
        file: String?,
        options: [(key: String, values: [String])],
        environment: @escaping @Sendable (String) -> String? = { SettingsSource.processEnvironment($0) }
    ) {
        self.file = file ?? environment("MARTLET_CONFIG")
        self.options = options
        self.environment = environment
    }

    static func processEnvironment(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }

    func read() throws(ConfigurationError) -> Configuration {
        var configuration = Configuration()
        if let file { try ConfigurationFile(path: file).apply(to: &configuration) }
        for setting in Setting.all {
            guard let text = environment(setting.environmentVariable) else { continue }
            try apply(setting, text, from: .environment(variable: setting.environmentVariable), to: &configuration)
        }
        for option in options where !option.values.isEmpty {
            guard let setting = Setting.all.first(where: { $0.key == option.key }) else {
                preconditionFailure("every option is the option of a setting; \(option.key) is none")
            }
            let text = option.values.joined(separator: ",")
            try apply(setting, text, from: .option(setting.option), to: &configuration)
        }
        return configuration
    }

    private func apply(
        _ setting: Setting,
        _ text: String,
        from source: ConfigurationError.Source,
        to configuration: inout Configuration
    ) throws(ConfigurationError) {
        guard setting.readText(text, &configuration) else {
            throw ConfigurationError(source: source, problem: "expected \(setting.expected), found `\(text)`")
        }
    }
}
