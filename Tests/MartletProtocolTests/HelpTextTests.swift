import Foundation
import Testing

@testable import MartletProtocol

@Suite struct HelpTextTests {
    private func help(_ operation: MartletProtocol.Operation?) throws -> [String: Any] {
        var json = ByteBuffer()
        json.append("{\"ok\":true,")
        HelpText.write(about: operation, into: &json)
        json.append("}")
        let text = Array(json.bytes)
        #expect(NaiveJSON.accepts(text))
        return try #require(try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any])
    }

    @Test func theListNamesEveryOperationWithALine() throws {
        let list = try #require(try help(nil)["ops"] as? [String: String])
        #expect(Set(list.keys) == Set(MartletProtocol.Operation.allCases.map(\.name)))
        for operation in MartletProtocol.Operation.allCases {
            #expect(list[operation.name] == OperationTable[operation].summary)
        }
        #expect((try help(nil)["console"] as? [String])?.contains("send QUEUE TEXT...") == true)
    }

    @Test(arguments: MartletProtocol.Operation.allCases)
    func anOperationIsExplainedWithItsFieldsAndAnExample(_ operation: MartletProtocol.Operation) throws {
        let reply = try help(operation)
        let entry = OperationTable[operation]
        #expect(reply["op"] as? String == operation.name)
        let fields = try #require(reply["fields"] as? [String: [String: Any]])
        #expect(Set(fields.keys) == Set(entry.fields.map(\.field.name)))
        for rule in entry.fields {
            #expect(fields[rule.field.name]?["type"] as? String == rule.type.expectation)
            #expect((fields[rule.field.name]?["required"] as? Bool ?? false) == rule.isRequired)
        }
        #expect((reply["example"] as? [String: Any])?["op"] as? String == operation.name)
        #expect((reply["answer"] as? [String: Any])?["ok"] as? Bool == true)
    }

    @Test func everyReplyOfAnExampleIsJSON() {
        for example in OperationTable.all.flatMap(\.examples) {
            #expect(NaiveJSON.accepts(Array(example.reply.utf8)), "\(example.reply)")
        }
    }

    /// To write the article anew: `MARTLET_WRITE_REFERENCE=1 swift test --filter theReferenceIsWhatTheTableSays`
    @Test func theReferenceIsWhatTheTableSays() throws {
        let article = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/MartletProtocol/MartletProtocol.docc/ProtocolReference.md").standardized
        if ProcessInfo.processInfo.environment["MARTLET_WRITE_REFERENCE"] != nil {
            try FileManager.default.createDirectory(
                at: article.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(ProtocolReference.markdown.utf8).write(to: article)
        }
        let written = String(decoding: try Data(contentsOf: article), as: UTF8.self)
        #expect(
            written == ProtocolReference.markdown,
            "write it anew: MARTLET_WRITE_REFERENCE=1 swift test --filter theReferenceIsWhatTheTableSays"
        )
        for operation in MartletProtocol.Operation.allCases { #expect(written.contains("\n### \(operation.name)\n")) }
    }
}
