import ArgumentParser

struct EchoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo",
        abstract: "Send back what comes: a server without work.",
        discussion: """
            martlet-bench echo --listen 127.0.0.1:7000 &
            martlet-bench cycle --peer echo --server 127.0.0.1:7000

            What is measured against it is the most that can be measured: a server that comes near it is not held up \
            by the load generator.
            """
    )

    @Option(help: ArgumentHelp("The address, IPv4; port 0 takes any, and it is printed.", valueName: "host:port"))
    var listen = "127.0.0.1:0"

    func run() throws {
        FileLimit.raise()
        guard case .internet(let host, let port) = ServerAddress(listen) else {
            throw ValidationError("\(listen) is not HOST:PORT.")
        }
        let server = try EchoServer(host: host, port: port)
        // Whoever started it reads the port from here.
        print("\(host):\(server.port)")
        StandardOutput.flush()
        try server.serve()
    }
}
