@testable import martlet_bench

/// What was read from bytes as a server would send them.
struct Scripted: Equatable {
    var kind: Reply.Kind
    var length: Int
    var handles: [String]

    init(_ kind: Reply.Kind, _ length: Int, _ handles: [String] = []) {
        self.kind = kind
        self.length = length
        self.handles = handles
    }

    /// Reads the first reply in the text.
    init(_ peer: Peer, _ text: String) {
        let handles = Handles()
        let bytes = Array(text.utf8)
        let reply = bytes.withUnsafeBytes { peer.read($0, into: handles) }
        kind = reply.kind
        length = reply.length
        self.handles = (0..<handles.count).map { index in
            let output = OutputBuffer()
            handles.write(index, to: output)
            return String(decoding: output.pending, as: UTF8.self)
        }
    }
}
