import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the completion script of a shell.",
        discussion: """
            bash: martlet completion bash > ~/.local/share/bash-completion/completions/martlet
            zsh: martlet completion zsh > a folder in your $fpath, as _martlet
            fish: martlet completion fish > ~/.config/fish/completions/martlet.fish
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish
    }

    @Argument(help: "The shell.")
    var shell: Shell

    func run() throws {
        guard let target = CompletionShell(rawValue: shell.rawValue) else { return }
        try StandardOutput.write(line: Martlet.completionScript(for: target))
    }
}
