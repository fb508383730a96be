import Foundation
import MartletSystemd
import Testing

struct CatalogueTests {
    private static let file = URL(filePath: #filePath).appending(path: "../../../systemd/martletd.catalog").standardized

    @Test func everyEventIsExplainedOnce() throws {
        let text = try String(contentsOf: Self.file, encoding: .utf8)
        let identities = text.split(separator: "\n").filter { $0.hasPrefix("-- ") }.map { $0.dropFirst(3) }
        #expect(identities.map(String.init) == CataloguedEvent.allCases.map(\.rawValue))
    }
}
