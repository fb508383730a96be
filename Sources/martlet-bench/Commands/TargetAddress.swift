import ArgumentParser

enum TargetAddress {
    /// The server that an option names, or the peer's usual one.
    static func target(_ peer: Peer, _ text: String?, _ processID: Int?) throws -> Target {
        let text = text ?? peer.defaultServer
        guard let address = ServerAddress(text) else {
            throw ValidationError("\(text) is neither HOST:PORT nor unix:PATH.")
        }
        return Target(peer, address: address, processID: processID)
    }
}
