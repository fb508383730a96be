/// Entries with payloads of 100 bytes.
enum Batch100 {
    static func entries(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { _ in [100, 0, 0, 0, 0, 0, 0, 0] + (0..<100).map { UInt8($0) } }
    }
}
