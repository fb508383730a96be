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
}
