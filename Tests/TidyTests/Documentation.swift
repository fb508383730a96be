import Foundation
import MartletProtocol
import Testing

/// What may be said is documented.
@Suite struct Documentation {
    private static let reference = SourceTree.text(
        of: "Sources/MartletProtocol/MartletProtocol.docc/ProtocolReference.md"
    )

    @Test(arguments: MartletProtocol.Operation.allCases)
    func everyOperationIsInTheReferenceWithAnExample(_ operation: MartletProtocol.Operation) {
        let sections = Self.reference.components(separatedBy: "\n### ")
        let section = sections.first { $0.hasPrefix("\(operation.name)\n") }
        #expect(section?.contains("\"op\":\"\(operation.name)\"") ?? false)
        for rule in OperationTable[operation].fields {
            #expect(section?.contains("`\(rule.field.name)`") ?? false, "\(rule.field.name) is not explained")
        }
    }

    @Test(arguments: ErrorCode.allCases)
    func everyErrorIsInTheReference(_ code: ErrorCode) {
        #expect(Self.reference.contains("`\(code.rawValue)`"))
    }
}
