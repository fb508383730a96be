import Foundation

/// A directory that is removed, with all in it, when nobody uses it any more.
final class TemporaryDirectory: Sendable {
    let path: String

    init(in parent: String = NSTemporaryDirectory()) {
        path = URL(fileURLWithPath: parent).appendingPathComponent("martlet-journal-\(UUID().uuidString)").path
        mkdir(path, 0o700)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
