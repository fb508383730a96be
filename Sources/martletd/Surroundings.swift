import MartletSystemd

/// What a durability needs of where the daemon runs.
struct Surroundings {
    /// The value of a variable of the environment.
    let environment: (String) -> String?

    static let noDirectory =
        "disk needs a directory: give --data-dir (data_dir), or run as a service with StateDirectory="

    static let noKeeper =
        "memory needs a service manager that keeps descriptors, and none is there: "
        + "run as a service with FileDescriptorStoreMax=, or choose disk or none"

    /// Refuses what would end the start, or lose messages later on.
    func check(_ configuration: Configuration) throws(ConfigurationError) {
        switch configuration.journal.mode {
        case .none: return
        case .disk:
            guard lacksDirectory(configuration) else { return }
            throw configuration.contradiction("durability", Self.noDirectory)
        case .memory: try checkStore(configuration)
        }
    }

    func lacksDirectory(_ configuration: Configuration) -> Bool {
        configuration.journal.directory.isEmpty && (environment("STATE_DIRECTORY") ?? "").isEmpty
    }

    private func checkStore(_ configuration: Configuration) throws(ConfigurationError) {
        guard environment("NOTIFY_SOCKET") != nil else {
            throw configuration.contradiction("durability", Self.noKeeper)
        }
        // From systemd 254 on. What it has no place for it closes, and nobody is told.
        guard let room = environment("FDSTORE").flatMap({ Int($0) }) else { return }
        let needed = configuration.journal.maxDescriptors
        guard room < needed else { return }
        throw configuration.contradiction(
            "max_descriptors",
            "\(needed) descriptors are more than the \(room) that the service manager keeps: "
                + "set FileDescriptorStoreMax= of the unit to \(needed) at least, or lower max_descriptors (8 at least)"
        )
    }
}
