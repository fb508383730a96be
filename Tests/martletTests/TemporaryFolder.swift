import Foundation

/// A folder for one test, gone with it.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        // A folder that stays is the system's to clear.
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ text: String) throws -> String {
        let file = path + "/lines"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
