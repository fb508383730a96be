import Foundation
import Testing

/// Names and words that do not belong here.
@Suite struct Words {
    private static let bannedParts = ["Manager", "Helper", "Util", "Common"]

    @Test func noTypeOrFileHasAnEmptyName() {
        for file in SourceTree.files {
            let name = String(file.name.dropLast(".swift".count))
            if let banned = Self.banned(name) { Issue.record("\(file.path) is called \(banned)") }
            for (index, line) in file.lines.enumerated() {
                if let name = Self.declaredType(line), let banned = Self.banned(name) {
                    Issue.record("\(file.place(index)) declares \(name): not \(banned)")
                }
            }
        }
    }

    private static func banned(_ name: String) -> String? {
        if let part = bannedParts.first(where: { name.contains($0) }) { return part }
        if name.hasSuffix("Impl") { return "Impl" }
        return name.hasPrefix("Base") && name.dropFirst(4).first?.isUppercase ?? true ? "Base" : nil
    }

    private static func declaredType(_ line: String) -> String? {
        let words = line.split { " :<{(".contains($0) }.map(String.init)
        guard !line.drop(while: { $0 == " " }).hasPrefix("//"),
            let keyword = words.firstIndex(where: {
                ["class", "struct", "enum", "protocol", "actor", "typealias"].contains($0)
            }), keyword < 5, keyword + 1 < words.count
        else { return nil }
        return words[keyword + 1]
    }

    @Test func emptyNamesAreFound() {
        let keyword = "struct"
        #expect(Self.declaredType("    package \(keyword) QueueManager: Sendable {").flatMap(Self.banned) == "Manager")
        #expect(Self.declaredType("\(keyword) BaseQueue {").flatMap(Self.banned) == "Base")
        #expect(Self.declaredType("\(keyword) Basement {").flatMap(Self.banned) == nil)
        #expect(Self.declaredType("/// \(keyword) QueueManager") == nil)
    }

    @Test func nothingIsLeftToDoAndNothingIsForced() {
        // Put together, so that this file may stand here.
        let words = ["TO" + "DO", "FIX" + "ME", "try" + "!", " as" + "!"]
        for file in SourceTree.files {
            for (index, line) in file.lines.enumerated() {
                for word in words where line.contains(word) && !file.hasReason(above: index) {
                    Issue.record("\(file.place(index)) says `\(word)`")
                }
            }
        }
    }

    @Test func noTestSleepsWithoutAReason() {
        let words = ["sleep" + "(", "usleep" + "(", "Task.sleep" + "("]
        for file in SourceTree.tests {
            for (index, line) in file.lines.enumerated() where words.contains(where: { line.contains($0) }) {
                #expect(file.hasReason(above: index), "\(file.place(index)) sleeps: await an event, or say why not")
            }
        }
    }
}
