package import MartletProtocol

/// What an administrator sets for the whole broker; can be replaced while it runs.
package struct BrokerSettings: Sendable {
    /// Settings for the queues whose name matches; the first that matches counts.
    package struct QueueDefaults: Sendable {
        package var pattern: Glob
        package var patch: QueueSettingsPatch

        package init(pattern: Glob, patch: QueueSettingsPatch) {
            self.pattern = pattern
            self.patch = patch
        }
    }

    package var limits = Limits()
    /// Whether a queue that a send, receive or subscribe names is created if need be.
    package var autoCreate = true
    package var queueDefaults: [QueueDefaults] = []
    package var version = "0.0.0"
    /// What the shell sees to: the core only says it.
    package var durability = Durability.none

    package init() {}

    /// The settings that a queue of this name is created with.
    func initialSettings(forQueue name: String) -> QueueSettings {
        var settings = QueueSettings()
        if let defaults = queueDefaults.first(where: { $0.pattern.matches(name) }) { settings.apply(defaults.patch) }
        return settings
    }
}
