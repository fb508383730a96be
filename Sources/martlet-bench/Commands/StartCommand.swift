import ArgumentParser
import Glibc

struct StartCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Measure how long a Martlet takes from its start to its first reply.",
        discussion: "martlet-bench start --server 127.0.0.1:7001 -- martletd --listen 127.0.0.1:7001"
    )

    @Option(help: ArgumentHelp("Where it will listen.", valueName: "host:port|unix:path"))
    var server: String

    @Option(help: ArgumentHelp("Starts; the median counts.", valueName: "n"))
    var rounds = 9

    @Option(help: ArgumentHelp("Fail when it takes longer.", valueName: "ms"))
    var atMost: Double?

    @Argument(help: ArgumentHelp("The program with its arguments, after --.", valueName: "command"))
    var command: [String]

    func run() throws {
        let target = try TargetAddress.target(.martlet, server, nil)
        if target.process != nil { throw LoadError("somebody listens on \(server) already") }
        let times = try (0..<max(1, rounds)).map { _ in try measure(target) }
        let median = Comparison.median(times)
        print("serving after \(Figure.text(median, digits: 1)) ms (median of \(times.count))")
        if let atMost, median > atMost {
            print("MISSED: at most \(atMost) ms")
            throw ExitCode(1)
        }
    }

    /// Milliseconds of one start.
    private func measure(_ target: Target) throws -> Double {
        let start = Instant.now()
        let process = try spawn()
        defer {
            kill(process, SIGTERM)
            waitpid(process, nil, 0)
        }
        while Instant.now() < start + 10_000_000_000 {
            // A refused connection only means that it is not there yet.
            if let connection = try? PlainConnection(target) {
                _ = try connection.ask("{\"op\":\"ping\"}")
                return Double(Instant.now() - start) / 1e6
            }
            usleep(200)
        }
        throw LoadError("nobody listens on \(server) after 10 s")
    }

    private func spawn() throws -> pid_t {
        var process = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        arguments.append(nil)
        let result = posix_spawnp(&process, command[0], nil, nil, &arguments, environ)
        if result != 0 { throw SystemError(call: "start \(command[0])", number: result) }
        return process
    }
}
