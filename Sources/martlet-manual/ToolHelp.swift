import Foundation

/// What a program says of its own command line: `PROGRAM --experimental-dump-help`.
struct ToolHelp: Decodable {
    struct Command: Decodable {
        var commandName: String
        var abstract: String?
        var discussion: String?
        var shouldDisplay: Bool?
        var subcommands: [Command]?
        var arguments: [Argument]?
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            var kind: String
            var name: String
        }

        var kind: String
        var shouldDisplay: Bool
        var isOptional: Bool
        var isRepeating: Bool
        var names: [Name]?
        var valueName: String?
        var abstract: String?
        var discussion: String?
    }

    let command: Command

    /// Asks the program that stands beside this one.
    init(of program: String) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appending(path: program)
        process.arguments = ["--experimental-dump-help"]
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        self = try JSONDecoder().decode(ToolHelp.self, from: data)
    }
}

extension ToolHelp.Command {
    /// All commands below this one that a person is to know.
    var visible: [ToolHelp.Command] {
        (subcommands ?? []).filter { $0.shouldDisplay ?? true && $0.commandName != "help" }
    }

    /// `martlet send QUEUE [OPTIONS]`
    var synopsis: String {
        let values = (arguments ?? []).filter { $0.kind == "positional" && $0.shouldDisplay }.map(\.usage)
        return (["`\(commandName)`", "[OPTIONS]"] + values).joined(separator: " ")
    }

    /// Its options, each a term with its meaning.
    var options: String {
        (arguments ?? []).filter(\.shouldDisplay).map { "\($0.term)\n: \($0.meaning)\n" }.joined(separator: "\n")
    }
}

extension ToolHelp.Argument {
    var usage: String {
        let name = (valueName ?? "value").uppercased() + (isRepeating ? "..." : "")
        return isOptional ? "[\(name)]" : name
    }

    var term: String {
        guard kind != "positional" else { return usage }
        let spellings = (names ?? []).map { "`" + ($0.kind == "short" ? "-" : "--") + $0.name + "`" }
        return spellings.joined(separator: ", ") + (kind == "option" ? " " + (valueName ?? "value").uppercased() : "")
    }

    var meaning: String {
        [abstract, discussion].compactMap { $0 }.joined(separator: " ").split(separator: "\n").joined(separator: " ")
    }
}
