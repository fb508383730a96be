import Testing

/// What a target may know of the world.
@Suite struct Imports {
    private static let pure: Set<String> = ["MartletProtocol", "MartletBroker", "MartletJournal"]
    /// What the daemon is made of.
    private static let daemon: Set<String> = pure.union(["MartletDisk", "MartletServer", "MartletSystemd", "martletd"])

    @Test func theCoreKnowsNoClockNoSocketAndNoThread() {
        for file in SourceTree.sources where Self.pure.contains(file.target) {
            for (index, module) in Self.imports(of: file) {
                #expect(module.hasPrefix("Martlet") || module == "CChecksum", "\(file.place(index)) imports \(module)")
            }
        }
    }

    @Test func theDaemonLinksNeitherFoundationNorNIO() {
        for file in SourceTree.sources where Self.daemon.contains(file.target) {
            for (index, module) in Self.imports(of: file) {
                #expect(module != "Foundation" && !module.hasPrefix("NIO"), "\(file.place(index)) imports \(module)")
            }
        }
    }

    private static func imports(of file: SourceTree.File) -> [(Int, String)] {
        file.lines.enumerated().compactMap { index, line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword < 3, keyword + 1 < words.count,
                !line.hasPrefix("//"), !line.hasPrefix(" ")
            else { return nil }
            return (index, String(words[words.count - 1].split(separator: ".")[0]))
        }
    }

    @Test func theCompilerIsOnlyOverruledAtTheEdgesAndWithAReason() {
        let words = ["@unchecked " + "Sendable", "nonisolated" + "(unsafe)"]
        let edges: Set<String> = ["MartletDisk", "MartletServer", "MartletClient", "martlet-bench", "martletd"]
        for file in SourceTree.sources {
            for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                #expect(edges.contains(file.target), "\(file.place(index)) overrules the compiler")
                #expect(file.hasReason(above: index), "\(file.place(index)) gives no reason on the line above")
            }
        }
    }
}
