import ArgumentParser
import Foundation

/// Writes the manual pages, from the same sources as the programs' own help.
///
/// What options and operations there are is asked of the programs, which stand beside this one, and of the operation
/// table; what settings there are, of the example configuration. Only what nothing else says is written here.
@main
struct Manual: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet-manual",
        abstract: "Write the manual pages."
    )

    @Argument(help: "Where they go; made if it is not there.")
    var folder: String

    @Argument(help: "The package, for its example configuration.")
    var root = "."

    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for page in try pages() {
            try Data(page.roff.utf8).write(to: URL(filePath: folder).appending(path: page.fileName))
        }
    }

    private func pages() throws -> [ManualPage] {
        let example = URL(filePath: root).appending(path: "Config/martletd.json5")
        return [
            DaemonPage.page(try ToolHelp(of: "martletd")),
            CommandPage.page(try ToolHelp(of: "martlet")),
            ConfigurationPage.page(try String(contentsOf: example, encoding: .utf8)),
            ProtocolPage.page,
        ]
    }
}
