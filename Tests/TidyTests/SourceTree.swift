import Foundation

/// The Swift sources of this package, as text.
enum SourceTree {
    /// One source file.
    struct File {
        /// From the top of the package: `Sources/MartletBroker/Broker.swift`.
        let path: String
        let lines: [String]

        var name: String { String(path.split(separator: "/").last ?? "") }
        /// The target it belongs to: the folder below `Sources` or `Tests`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
        var isTest: Bool { path.hasPrefix("Tests/") }

        /// Where in it something stands that must not.
        func place(_ index: Int) -> String { "\(path):\(index + 1)" }

        /// Whether the line before, or one of the comment it ends, gives a reason.
        func hasReason(above index: Int) -> Bool {
            index > 0 && lines[index - 1].drop { $0 == " " }.hasPrefix("//")
        }
    }

    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let files: [File] = ["Sources", "Tests"].flatMap { read($0) }
    static var sources: [File] { files.filter { !$0.isTest } }
    static var tests: [File] { files.filter(\.isTest) }

    private static func read(_ folder: String) -> [File] {
        let start = root.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: start.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
            File(path: "\(folder)/\(path)", lines: text(of: "\(folder)/\(path)").components(separatedBy: "\n"))
        }
    }

    static func text(of path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }
}
