import Logging
import MartletServer
import MartletSystemd

/// The sockets of `martletd.socket`, taken over by name.
///
/// If there are any, the daemon opens none of its own: who may reach it is then decided by the socket unit alone.
enum ServiceSockets {
    /// `FileDescriptorName=` of the socket unit.
    static let name = "martlet"

    /// The listeners among what was inherited; other descriptors are closed, and named in the log.
    static func listeners(among inherited: [InheritedDescriptor], log: Logger) throws(ListenError) -> [Listener] {
        var listeners: [Listener] = []
        for descriptor in inherited {
            switch descriptor.name {
            case name, InheritedDescriptor.unnamed:
                guard descriptor.isStreamListener else { throw .notListening(descriptor: descriptor.number) }
                listeners.append(try Listener(inherited: descriptor.number))
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
