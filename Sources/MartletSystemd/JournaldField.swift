import CSystemd
import Glibc

/// One field of an entry in journald: `NAME=value`.
struct JournaldField: Equatable {
    /// The metadata key whose value is the identity of a `CataloguedEvent`.
    static let eventKey = "message_id"
    /// More of one value is cut off: names and reasons come from peers.
    static let maximumValue = 4096

    let text: String

    /// - Parameter name: capital letters, digits and underscores, as journald wants them.
    init(_ name: String, _ value: String) {
        text = name + "=" + (value.utf8.count <= Self.maximumValue ? value : Self.cut(value))
    }

    /// A field of ours for a key of a logger's metadata.
    init(metadataKey key: String, value: String) {
        self.init(key == Self.eventKey ? "MESSAGE_ID" : Self.name(of: key), value)
    }

    /// Other characters than those that a field's name may have would make journald drop the field without a word.
    private static func name(of key: String) -> String {
        let letters = key.utf8.prefix(56).map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A: byte
            case 0x61...0x7A: byte - 0x20
            default: UInt8(ascii: "_")
            }
        }
        return "MARTLET_" + String(decoding: letters, as: UTF8.self)
    }

    private static func cut(_ value: String) -> String {
        String(decoding: value.utf8.prefix(maximumValue), as: UTF8.self) + "…"
    }

    /// Sends an entry. If journald does not take it, there is nobody to tell.
    static func send(_ fields: [JournaldField]) {
        var bytes: [UInt8] = []
        var lengths: [Int] = []
        for field in fields {
            bytes += field.text.utf8
            lengths.append(field.text.utf8.count)
        }
        bytes.withUnsafeMutableBytes { space in
            guard let start = space.baseAddress else { return }
            var offset = 0
            let vectors = lengths.map { length in
                defer { offset += length }
                return iovec(iov_base: start + offset, iov_len: length)
            }
            _ = csystemd_journal_send(vectors, Int32(vectors.count))
        }
    }
}
