/// Why an address cannot be listened on, told apart as far as an administrator acts differently on it.
package enum ListenError: Error, Equatable, CustomStringConvertible {
    case noSuchHost(SocketAddress)
    case pathTooLong(String)
    case addressInUse(SocketAddress)
    /// Where the socket's file would be there is something else, which is not ours to remove.
    case noSocket(path: String)
    case notPermitted(SocketAddress, SystemError)
    case failed(SocketAddress, SystemError)
    /// A descriptor that was handed to us is no listening stream socket.
    case notListening(descriptor: Int32)

    package var description: String {
        switch self {
        case .noSuchHost(let address): "cannot listen on \(address): there is no such host"
        case .pathTooLong(let path):
            "cannot listen on unix:\(path): a path of 1 to \(RawSocketAddress.maximumPath) bytes was expected"
        case .addressInUse(let address): "cannot listen on \(address): the address is in use"
        case .noSocket(let path): "cannot listen on unix:\(path): \(path) is there and is no socket"
        case .notPermitted(let address, let error): "cannot listen on \(address): not permitted (\(error))"
        case .failed(let address, let error): "cannot listen on \(address): \(error)"
        case .notListening(let descriptor): "descriptor \(descriptor) is not a listening stream socket"
        }
    }
}
