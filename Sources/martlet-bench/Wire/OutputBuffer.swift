import Glibc

/// Bytes on their way to a server.
///
/// Invariant: `sent <= count <= capacity`; the bytes below `count` are initialised, those below `sent` are gone.
final class OutputBuffer {
    private(set) var count = 0
    private var sent = 0
    private var capacity = 512
    private var space: UnsafeMutableRawPointer

    init() { space = .allocate(byteCount: capacity, alignment: 16) }

    deinit { space.deallocate() }

    /// What is still to be sent.
    var pending: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: space + sent, count: count - sent) }

    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        memcpy(space + count, source, bytes.count)
        count += bytes.count
    }

    func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    func append(_ byte: UInt8) {
        reserve(1)
        space.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count += 1
    }

    /// Appends a message and writes its stamp into it.
    func append(_ message: SendTemplate, stamp: UInt64) {
        let start = count
        append(message.bytes)
        for place in message.stampPlaces { Stamp.write(stamp, to: space + start + place) }
    }

    /// The first `length` pending bytes have been sent.
    func consume(_ length: Int) {
        sent += length
        if sent == count {
            sent = 0
            count = 0
        }
    }

    private func reserve(_ length: Int) {
        guard count + length > capacity else { return }
        while capacity < count + length { capacity *= 2 }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        memcpy(larger, space, count)
        space.deallocate()
        space = larger
    }
}
