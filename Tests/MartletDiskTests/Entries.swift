import MartletDisk
import MartletJournal

/// Payloads in the form in which they are appended.
func entries(_ payloads: [[UInt8]]) -> [UInt8] {
    payloads.flatMap { payload in
        withUnsafeBytes(of: UInt32(payload.count).littleEndian, Array.init) + [0, 0, 0, 0] + payload
    }
}

extension Journal {
    @discardableResult
    func append(_ payloads: [UInt8]..., promised: Bool = true) -> UInt64 {
        entries(payloads).withUnsafeBytes { append($0, promised: promised) }
    }
}

extension Recovery {
    func payloads() throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        try replay { entry, _ in found.append(Array(entry)) }
        return found
    }
}
