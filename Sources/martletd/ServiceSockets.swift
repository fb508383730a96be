import Logging
import MartletServer
import MartletSystemd

/// The sockets of `martletd.socket`, taken over by name.
///
/// If there are any, the daemon opens none of its own: who may reach it is then decided by the socket unit alone.
enum ServiceSockets {
    /// `FileDescriptorName=` of the socket unit.
    static let name = "martlet"

    /// Whether it is a segment of the journal, which an earlier run has left with the service manager.
    static func isJournal(_ descriptor: InheritedDescriptor) -> Bool { descriptor.name.hasPrefix("martlet-journal-") }

    /// The listeners among what was inherited; other descriptors are closed, and named in the log.
    static func listeners(among inherited: [InheritedDescriptor], log: Logger) throws(ListenError) -> [Listener] {
        var listeners: [Listener] = []
        for descriptor in inherited {
            switch descriptor.name {
            case name, InheritedDescriptor.unnamed:
                guard descriptor.isStreamListener else { throw .notListening(descriptor: descriptor.number) }
                listeners.append(try Listener(inherited: descriptor.number))
            case _ where isJournal(descriptor): continue
            default:
                log.warning(
                    "descriptor \(descriptor.number) was passed as `\(descriptor.name)`, which means nothing here"
                )
                descriptor.close()
            }
        }
        return listeners
    }

    /// Warns of addresses that somebody has configured in vain, because the socket unit has others.
    static func warnOfOthers(in configuration: Configuration, passed: [SocketAddress], log: Logger) {
        for (key, addresses) in others(in: configuration, passed: passed) {
            let names = addresses.map(\.description).joined(separator: ", ")
            log.log(
                .addressIgnored,
                .warning,
                "`\(key)` names \(names), which has no effect: the sockets are those of the socket unit",
                metadata: ["setting": "\(key)"]
            )
        }
    }

    /// What was configured, and is not the default, by setting, without what is among the passed ones all the same.
    static func others(
        in configuration: Configuration,
        passed: [SocketAddress]
    ) -> [(key: String, addresses: [SocketAddress])] {
        let untouched = Configuration()
        let listen = configuration.listen.filter { !untouched.listen.contains($0) }
        let unix = configuration.unix.map { SocketAddress.unix(path: $0) }
        return [("listen", listen), ("unix", unix)].compactMap { key, addresses in
            let rest = addresses.filter { !passed.contains($0) }
            return rest.isEmpty ? nil : (key, rest)
        }
    }
}
