import Foundation
import Testing

/// The top of the package holds what belongs there and nothing else.
@Suite struct TopLevel {
    private static let expected: Set = [
        "Config", "Package.resolved", "Package.swift", "README.md", "Sources", "Tests", "systemd",
    ]

    @Test func nothingStrayLiesThere() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path)
        #expect(Set(names.filter { !$0.hasPrefix(".") }).subtracting(Self.expected).isEmpty)
    }
}
