import Foundation
import Testing

/// What README and the articles lead to is there.
@Suite struct Links {
    private static let articles = ["README.md", "Tests/Faults/README.md"] + folderPaths("Sources", suffix: ".md")

    private static func folderPaths(_ folder: String, suffix: String) -> [String] {
        let top = SourceTree.root.appendingPathComponent(folder).path
        let paths = FileManager.default.enumerator(atPath: top)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(suffix) }.sorted().map { "\(folder)/\($0)" }
    }

    @Test func linksLeadToFiles() {
        for article in Self.articles {
            for link in Self.links(in: SourceTree.text(of: article)) {
                let target = link.target.prefix { $0 != "#" }
                guard !target.isEmpty, !target.contains(":") else { continue }
                let folder = SourceTree.root.appendingPathComponent(article).deletingLastPathComponent()
                let path = folder.appendingPathComponent(String(target)).path
                #expect(FileManager.default.fileExists(atPath: path), "\(article) leads to \(target)")
            }
        }
    }

    /// A text may name a file while its link leads to the folder around it.
    @Test func filesThatLinksNameAreThere() {
        for article in Self.articles {
            for link in Self.links(in: SourceTree.text(of: article)) where !link.target.contains(":") {
                for name in Self.fileNames(in: link.text) {
                    #expect(Self.isThere(name), "\(article) names \(name)")
                }
            }
        }
    }

    @Test func swiftFilesInProseAreThere() {
        for article in Self.articles {
            let code = SourceTree.text(of: article).split(separator: "`")
            for name in code.map(String.init) where name.hasSuffix(".swift") && !name.contains(where: \.isWhitespace) {
                #expect(Self.isThere(name), "\(article) names \(name)")
            }
        }
    }

    @Test func namesInLinksAreFound() {
        let links = Self.links(in: "see [`Sources/a/B.swift`](Sources/a), [text](x.md#y) and [no link]")
        #expect(links.map(\.target) == ["Sources/a", "x.md#y"])
        #expect(links.flatMap { Self.fileNames(in: $0.text) } == ["Sources/a/B.swift"])
        #expect(!Self.isThere("Sources/martletd/Martletd.swift") && Self.isThere("Sources/martletd/Daemon.swift"))
        #expect(Self.isThere("Daemon.swift") && !Self.isThere("aemon.swift"))
    }

    // MARK: Reading

    /// `[text](target)`, in one line.
    private static func links(in article: String) -> [(text: String, target: String)] {
        article.components(separatedBy: "](").adjacentPairs.compactMap { before, behind in
            guard let start = before.lastIndex(of: "["), let end = behind.firstIndex(of: ")") else { return nil }
            return (String(before[before.index(after: start)...]), String(behind[..<end]))
        }
    }

    private static func fileNames(in text: String) -> [String] {
        text.split { $0 == "`" || $0 == " " }.map(String.init).filter { name in
            [".swift", ".md", ".json5", ".service", ".socket", ".sh"].contains { name.hasSuffix($0) }
        }
    }

    private static let allPaths = ["Sources", "Tests", "Config", "systemd"].flatMap { folderPaths($0, suffix: "") }

    /// Whether a file has this path from the top, or one that ends with it.
    private static func isThere(_ name: String) -> Bool {
        allPaths.contains { $0 == name || $0.hasSuffix("/" + name) }
    }
}

extension Array {
    fileprivate var adjacentPairs: [(Element, Element)] { zip(self, dropFirst()).map { ($0, $1) } }
}
