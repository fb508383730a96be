import Foundation

/// `martlet-manual FOLDER [ROOT]`: writes the manual pages, from the same sources as the programs' own help.
///
/// What options and operations there are is asked of the programs, which stand beside this one, and of the operation
/// table; what settings there are, of the example configuration below ROOT (this folder if it is left out). Only what
/// nothing else says is written here.
@main
enum Manual {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let folder = arguments.first else { end("a folder is needed: martlet-manual FOLDER [ROOT]") }
        let root = arguments.dropFirst().first ?? "."
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for page in try pages(root: root) {
                try Data(page.roff.utf8).write(to: URL(filePath: folder).appending(path: page.fileName))
            }
        } catch {
            end("\(error)")
        }
    }

    private static func pages(root: String) throws -> [ManualPage] {
        let configuration = URL(filePath: root).appending(path: "Config/martletd.json5")
        let daemon = try ToolHelp(of: "martletd")
        return [
            DaemonPage.page(daemon),
            CommandPage.page(try ToolHelp(of: "martlet")),
            ConfigurationPage.page(try String(contentsOf: configuration, encoding: .utf8)),
            ProtocolPage.page,
        ]
    }

    private static func end(_ reason: String) -> Never {
        FileHandle.standardError.write(Data("martlet-manual: \(reason)\n".utf8))
        exit(1)
    }
}
