/// A server to be measured.
struct Target {
    let peer: Peer
    let address: ServerAddress
    /// Nil if it cannot be found: then its CPU time and memory are not told.
    let process: ServerProcess?

    /// - Parameter processID: nil: looked for by the address.
    init(_ peer: Peer, address: ServerAddress, processID: Int?) {
        self.peer = peer
        self.address = address
        process = (processID ?? ListeningProcess.find(address)).map(ServerProcess.init)
    }
}
