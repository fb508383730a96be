/// martlet(1).
enum CommandPage {
    static func page(_ help: ToolHelp) -> ManualPage {
        ManualPage(
            name: "martlet",
            section: 1,
            summary: "talk to a Martlet broker",
            text: """
                ## Synopsis
                `martlet` COMMAND [OPTIONS] ...

                ## Description
                \(help.command.discussion ?? "")

                ## Commands
                \(help.command.visible.map(section).joined(separator: "\n"))
                ## Environment
                `MARTLET_SERVER`
                : Where the broker is: HOST:PORT or unix:PATH.

                `MARTLET_TOKEN`
                : Who we are, where the broker asks.

                ## See also
                martletd(8), martlet-protocol(7)
                """
        )
    }

    private static func section(_ command: ToolHelp.Command) -> String {
        """
        ### martlet \(command.synopsis)
        \(command.abstract ?? "")

        \(command.discussion.map(example) ?? "")
        \(command.options)
        """
    }

    /// In the programs' help, lines that show a command stand as they are, above words about them.
    private static func example(_ discussion: String) -> String {
        discussion.split(separator: "\n\n").map { part in
            part.contains("martlet ") ? "```\n\(part)\n```\n" : "\(part)\n"
        }.joined(separator: "\n")
    }
}
