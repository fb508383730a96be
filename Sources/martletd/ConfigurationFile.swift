import MartletBroker

/// A configuration file: JSON5, one object, whose keys are those of `Setting.all` and the three sections below.
///
/// Everything in it is checked before anything of it counts; the first thing that is wrong is named with its line.
struct ConfigurationFile {
    /// The keys that hold more than a value.
    static let sections = ["queue_defaults", "queues", "bindings"]
    static var keys: [String] { Setting.all.map(\.key) + sections }

    let path: String

    func apply(to configuration: inout Configuration) throws(ConfigurationError) {
        let members = try read()
        for member in members {
            configuration.origins[member.key] = .file(path: path, line: member.line)
            switch member.key {
            case "queue_defaults": configuration.broker.queueDefaults = try queueDefaults(member)
            case "queues": configuration.queues = try queues(member)
            case "bindings": configuration.bindings = try bindings(member)
            default: try apply(member, to: &configuration)
            }
        }
    }

    private func read() throws(ConfigurationError) -> [JSON5Value.Member] {
        let text: String
        do throws(SystemFile.Failure) {
            text = try SystemFile.read(path)
        } catch {
            throw failure(nil, error.reason)
        }
        do throws(JSON5Reader.SyntaxError) {
            var reader = JSON5Reader(text)
            let document = try reader.readDocument()
            guard let members = document.members else {
                throw JSON5Reader.SyntaxError(
                    line: document.line,
                    reason: "expected an object, found \(document.summary)"
                )
            }
            return members
        } catch {
            throw failure(error.line, error.reason)
        }
    }

    private func failure(_ line: Int?, _ problem: String) -> ConfigurationError {
        ConfigurationError(source: .file(path: path, line: line), problem: problem)
    }

    private func failure(_ member: JSON5Value.Member, expected: String) -> ConfigurationError {
        failure(member.line, "`\(member.key)`: expected \(expected), found \(member.value.summary)")
    }

    private func apply(
        _ member: JSON5Value.Member,
        to configuration: inout Configuration
    ) throws(ConfigurationError) {
        guard let setting = Setting.all.first(where: { $0.key == member.key }) else {
            throw failure(
                member.line,
                "`\(member.key)` is no setting" + Suggestion.text(for: member.key, among: Self.keys)
            )
        }
        guard setting.read(member.value, &configuration) else {
            throw failure(member, expected: setting.expected)
        }
    }

    // MARK: Sections

    private func queueDefaults(
        _ section: JSON5Value.Member
    ) throws(ConfigurationError) -> [BrokerSettings.QueueDefaults] {
        guard let members = section.value.members else {
            throw failure(section, expected: "an object such as {\"jobs.*\": {lease: 60}}")
        }
        var defaults: [BrokerSettings.QueueDefaults] = []
        for member in members {
            // Any name will do here: it is the settings that are read.
            let patch = try patch(member, queue: "any")
            defaults.append(BrokerSettings.QueueDefaults(pattern: Glob(member.key), patch: patch))
        }
        return defaults
    }

    private func queues(_ section: JSON5Value.Member) throws(ConfigurationError) -> [Configuration.DeclaredQueue] {
        guard let members = section.value.members else {
            throw failure(section, expected: "an object such as {\"jobs.mail\": {lease: 60}}")
        }
        var queues: [Configuration.DeclaredQueue] = []
        for member in members {
            queues.append(.init(name: member.key, patch: try patch(member, queue: member.key)))
        }
        return queues
    }

    private func patch(_ member: JSON5Value.Member, queue: String) throws(ConfigurationError) -> QueueSettingsPatch {
        guard let settings = member.value.members else {
            throw failure(member, expected: "an object with settings of a queue")
        }
        do throws(ConfiguredRequest.Refusal) {
            return try ConfiguredRequest(operation: .declare, name: (.queue, queue), members: settings).patch()
        } catch {
            throw failure(error.line ?? member.line, "`\(member.key)`: \(error.reason)")
        }
    }

    private func bindings(_ section: JSON5Value.Member) throws(ConfigurationError) -> [Configuration.DeclaredBinding] {
        let expected = "an array such as [{queue: \"mail\", topic: \"order.*\"}]"
        guard let elements = section.value.elements else { throw failure(section, expected: expected) }
        var bindings: [Configuration.DeclaredBinding] = []
        for element in elements {
            guard let members = element.members else { throw failure(section, expected: expected) }
            do throws(ConfiguredRequest.Refusal) {
                bindings.append(try ConfiguredRequest(operation: .bind, name: nil, members: members).binding())
            } catch {
                throw failure(error.line ?? element.line, "`bindings`: \(error.reason)")
            }
        }
        return bindings
    }
}
