import ArgumentParser
import MartletClient

struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Watch the queues live, on the whole screen.",
        discussion: "q or Ctrl-C leaves."
    )

    @Option(help: ArgumentHelp("How often the figures are fetched.", valueName: "duration"))
    var interval: Duration = .seconds(1)

    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient(reconnect: ReconnectPolicy()) { client in
            guard let screen = Screen.take() else {
                throw ValidationError("top needs a terminal; use `martlet stats` in scripts.")
            }
            let input = TopInput()
            let arrivals = input.arrivals
            let fetching = Task { await fetch(client, arrivals) }
            defer { fetching.cancel() }
            var view = TopView(address: client.address)
            for await event in input.events {
                switch event {
                case .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(3), .key(4), .interrupted: return
                case .key, .resized: break
                case .figures(let broker, let queues): view.update(broker, queues)
                case .trouble(let trouble): view.fail(trouble)
                }
                let size = screen.size
                screen.draw(view.lines(width: size.width, height: size.height))
            }
        }
    }

    /// Fetches figures until it is cancelled; keys are served meanwhile, also while there is no connection.
    private func fetch(_ client: Client, _ arrivals: AsyncStream<TopEvent>.Continuation) async {
        while !Task.isCancelled {
            let late = Task {
                try await Task.sleep(for: interval + .seconds(2))
                arrivals.yield(.trouble("no answer from \(client.address); trying again"))
            }
            do {
                async let broker = client.statistics()
                // The longest, and no more than a screen may show: a broker may have a hundred thousand queues.
                let longest = try await client.allQueues().sorted { $0.ready > $1.ready }.prefix(200)
                let queues = try await client.statistics(of: longest.map(\.queue))
                arrivals.yield(.figures(try await broker, queues))
            } catch {
                arrivals.yield(.trouble("\(error)"))
            }
            late.cancel()
            // A sleep that is cancelled ends the loop.
            do { try await Task.sleep(for: interval) } catch { return }
        }
    }
}
