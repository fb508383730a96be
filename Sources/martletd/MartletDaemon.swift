import ArgumentParser
import CLinux
import Glibc

/// `martletd`: options → configuration → sockets → serve → drain.
@main
struct MartletDaemon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martletd",
        abstract: "A message broker that a person can drive from telnet.",
        discussion: """
            Every option with a value is also an environment variable (--max-line is MARTLET_MAX_LINE) and a key of \
            the configuration file (max_line). The file has more keys, which are variables, too, but for queues, \
            queue_defaults and bindings. Options win over the environment, the environment over the file.

            SIGTERM and SIGINT drain and end, SIGHUP reads the configuration again. Exit codes: 0 drained, 64 wrong \
            options, 69 address in use, 71 system error, 73 socket file not made, 74 journal damaged, in use or \
            failed, or data_dir not to be made or entered, 77 not permitted, 78 wrong configuration.
            """,
        version: Version.current,
        subcommands: [JournalCommand.self]
    )

    @OptionGroup var options: Options

    func run() {
        if options.reload { ReloadRequest.run() }
        let source = SettingsSource(file: options.config, options: options.settings)
        // Before anything that takes time: a signal that ends the process here would end it without a dump.
        let signals = SignalWait.blockSignals()
        do throws(ConfigurationError) {
            let configuration = try source.read()
            if options.checkConfig { return report(source.warnings + configuration.doubts(source.environment)) }
            try Surroundings(environment: source.environment).check(configuration)
            tuneProcess()
            Daemon.serve(configuration, source, signals)
        } catch {
            FailedStart(reason: error.description, status: error.exitStatus).end()
        }
    }

    /// The outcome of `--check-config`.
    private func report(_ warnings: [String]) {
        for warning in warnings {
            let line = Array("martletd: warning: \(warning)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        print("ok")
    }

    private func tuneProcess() {
        // Message memory comes and goes in large blocks. By default malloc learns from the first freed ones to keep
        // such blocks, and each thread keeps a heap of its own: a queue that was a gigabyte once would stay a gigabyte.
        // With a fixed threshold they are mapped, and go back to the system as soon as they are freed.
        clinux_tune_malloc(64 << 10, 2)
        DescriptorLimit.raise()
    }
}
