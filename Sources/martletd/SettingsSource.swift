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
    /// The names of all variables of the environment.
    private let variables: [String]

    init(
        file: String?,
        options: [(key: String, values: [String])],
        environment: @escaping @Sendable (String) -> String? = { SettingsSource.processEnvironment($0) },
        variables: [String] = EnvironmentVariable.all
    ) {
        self.file = file ?? environment(EnvironmentVariable.ofConfiguration)
        self.options = options
        self.environment = environment
        self.variables = variables
    }

    static func processEnvironment(_ variable: String) -> String? { getenv(variable).map { String(cString: $0) } }

    func read() throws(ConfigurationError) -> Configuration {
        var configuration = Configuration()
        if let file { try ConfigurationFile(path: file).apply(to: &configuration) }
        for section in ConfigurationFile.sections where environment(EnvironmentVariable.name(of: section)) != nil {
            throw ConfigurationError(
                source: .environment(variable: EnvironmentVariable.name(of: section)),
                problem: "`\(section)` can stand in the configuration file only"
            )
        }
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
        try configuration.checkAgreement()
        return configuration
    }

    /// Whatever looks like a setting in the environment, and is none.
    var warnings: [String] { EnvironmentVariable.warnings(variables) }

    private func apply(
        _ setting: Setting,
        _ text: String,
        from source: ConfigurationError.Source,
        to configuration: inout Configuration
    ) throws(ConfigurationError) {
        guard setting.readText(text, &configuration) else {
            throw ConfigurationError(source: source, problem: "expected \(setting.expected), found `\(text)`")
        }
        configuration.origins[setting.key] = source
    }
}
