import Glibc
import MartletBroker
import MartletProtocol
import MartletServer
import Testing

@testable import martletd

struct ConfigurationTests {
    private func configuration(
        file text: String? = nil,
        environment: [String: String] = [:],
        options: [(key: String, values: [String])] = []
    ) throws -> Configuration {
        let file = try text.map(TemporaryFile.init)
        return try withExtendedLifetime(file) {
            try SettingsSource(file: file?.path, options: options, environment: { environment[$0] }).read()
        }
    }

    /// The error that a file is refused with, without the directory.
    private func problem(_ text: String) throws -> String {
        let file = try TemporaryFile(text)
        do {
            _ = try SettingsSource(file: file.path, options: [], environment: { _ in nil }).read()
            Issue.record("the file is not refused: \(text)")
            return ""
        } catch {
            #expect(error.exitStatus == .configuration)
            return String(error.description.dropFirst(file.directory.count + 1))
        }
    }

    // MARK: The example file

    private static let examplePath =
        String(#filePath.dropLast("Tests/martletdTests/ConfigurationTests.swift".count)) + "Config/martletd.json5"

    @Test func theExampleFileHoldsTheDefaults() throws {
        let example = try SettingsSource(file: Self.examplePath, options: [], environment: { _ in nil }).read()
        let defaults = Configuration()
        for setting in Setting.all {
            #expect(setting.isSame(example, defaults), "`\(setting.key)` differs from its default")
        }
        #expect(example.broker.queueDefaults.isEmpty && example.queues.isEmpty && example.bindings.isEmpty)
    }

    @Test func theExampleFileHoldsEveryKey() throws {
        var reader = JSON5Reader(try SystemFile.read(Self.examplePath))
        let keys = try #require(try reader.readDocument().members).map(\.key)
        #expect(Set(keys) == Set(ConfigurationFile.keys))
    }

    @Test func everyLimitIsASetting() throws {
        // A file that sets every size, number and duration to 4,567 leaves no limit at its default; depth has less, and
        // a body must fit into its line.
        let others = ["max_depth": 99, "max_line": 8901]
        let text = Setting.all.filter {
            $0.expected.contains("size") || $0.expected.contains("number of seconds") || $0.key.hasPrefix("max_")
        }
        .filter { $0.key != "segment_size" && $0.key != "max_descriptors" }
        .map { "\($0.key): \(others[$0.key] ?? 4567)" }.joined(separator: ",")
        let limits = Mirror(reflecting: try configuration(file: "{\(text)}").broker.limits).children
        let defaults = Mirror(reflecting: Limits()).children
        for (limit, fallback) in zip(limits, defaults) {
            #expect(limit.value as? Int != fallback.value as? Int, "\(limit.label ?? "") cannot be set")
        }
    }

    // MARK: Precedence

    @Test func optionsWinOverEnvironmentOverFile() throws {
        let file = "{max_line: '2M', max_body: 4096, max_queues: 5}"
        let environment = ["MARTLET_MAX_LINE": "3M", "MARTLET_MAX_BODY": "8K"]
        let configuration = try configuration(
            file: file,
            environment: environment,
            options: [("max_line", ["4M"]), ("listen", [])]
        )
        #expect(configuration.broker.limits.maxLine == 4 << 20)
        #expect(configuration.broker.limits.maxBody == 8 << 10)
        #expect(configuration.broker.limits.maxQueues == 5)
        #expect(configuration.listen == Configuration().listen)
    }

    @Test func theFileCanBeNamedInTheEnvironment() throws {
        let file = try TemporaryFile("{io_threads: 3}")
        let path = file.path
        let source = SettingsSource(file: nil, options: [], environment: { $0 == "MARTLET_CONFIG" ? path : nil })
        #expect(try source.read().ioThreads == 3)
    }

    @Test func listsAreReplacedAsAWhole() throws {
        let configuration = try configuration(
            file: "{listen: ['127.0.0.1:1', '[::1]:2'], unix: '/a'}",
            environment: ["MARTLET_LISTEN": "127.0.0.1:3,h:4"],
            options: [("unix", ["/b", "/c"])]
        )
        #expect(configuration.listen == [.internet(host: "127.0.0.1", port: 3), .internet(host: "h", port: 4)])
        #expect(configuration.unix == ["/b", "/c"])
        #expect(try self.configuration(environment: ["MARTLET_LISTEN": "none"]).listen == [])
    }

    @Test func durationsAreSeconds() throws {
        let limits = try configuration(file: "{idle_timeout: 0.25, drain_timeout: 1e-9, slow_peer_timeout: 90}").broker
            .limits
        #expect(limits.idleTimeout == 250)
        #expect(limits.drainTimeout == 1)
        #expect(limits.slowPeerTimeout == 90_000)
    }

    // MARK: Queues

    @Test func queueDefaultsKeepTheirOrder() throws {
        let text = "{queue_defaults: {'jobs.x': {lease: 1}, 'jobs.*': {lease: 60, max_attempts: 5}, '*': {lease: 2}}}"
        let defaults = try configuration(file: text).broker.queueDefaults
        #expect(defaults.map(\.pattern.text) == ["jobs.x", "jobs.*", "*"])
        #expect(defaults.map(\.patch.lease) == [1000, 60_000, 2000])
        #expect(defaults.map(\.patch.maxAttempts) == [nil, 5, nil])
    }

    @Test func queuesTakeEverySettingOfDeclare() throws {
        let text = """
            {queues: {q: {
                lease: 1.5, max_attempts: 2, dead_letter: 'd', retry_delay: {initial: 1, factor: 2, max: 300}, ttl: 3,
                on_expire: 'dead', max_messages: 4, max_bytes: 5, overflow: 'drop_oldest', dedup_window: 6, rate: 0.5,
                burst: 7, history: 8, temporary: false, expire_unused: 9, group_concurrency: 10,
            }}}
            """
        var expected = QueueSettingsPatch()
        (expected.lease, expected.maxAttempts, expected.deadLetter) = (1500, 2, "d")
        expected.retryDelay = RetryDelay(initial: 1000, factor: 2, maximum: 300_000)
        (expected.ttl, expected.onExpire, expected.maxMessages, expected.maxBytes) = (3000, .dead, 4, 5)
        (expected.overflow, expected.dedupWindow, expected.rate, expected.burst) = (.dropOldest, 6000, 0.5, 7)
        (expected.history, expected.temporary, expected.expireUnused, expected.groupConcurrency) = (8, false, 9000, 10)
        let queues = try configuration(file: text).queues
        #expect(queues.map(\.name) == ["q"])
        #expect(queues.map(\.patch) == [expected])
    }

    @Test func bindingsAreRead() throws {
        let bindings = try configuration(file: "{bindings: [{queue: 'q', topic: 'order.*'}]}").bindings
        #expect(bindings == [.init(queue: "q", topic: "order.*")])
    }

    // MARK: Mistakes

    @Test(arguments: [
        ("{max_lin: 1}", "martletd.json5:1: `max_lin` is no setting; did you mean `max_line`?"),
        ("{\n\n nonsense_altogether: 1}", "martletd.json5:3: `nonsense_altogether` is no setting"),
        (
            "{max_queues: 'many'}",
            "martletd.json5:1: `max_queues`: expected an integer from 0 to 1000000000, found \"many\""
        ),
        (
            "{max_line: 12.5}",
            "martletd.json5:1: `max_line`: expected a size such as 512M, 1GiB or 65536, from 1KiB to 256MiB, found 12.5"
        ),
        ("{auto_create: 1}", "martletd.json5:1: `auto_create`: expected true or false, found 1"),
        (
            "{idle_timeout: -1}",
            "martletd.json5:1: `idle_timeout`: expected a number of seconds from 0 to 9007199254740, found -1"
        ),
        (
            "{listen: ['here']}",
            "martletd.json5:1: `listen`: expected addresses such as 127.0.0.1:6278 or [::1]:6278, found an array"
        ),
        (
            "{max_queues: 1e300}",
            "martletd.json5:1: `max_queues`: expected an integer from 0 to 1000000000, found 1e+300"
        ),
        (
            "{memory_limit: '9000000T'}",
            "martletd.json5:1: `memory_limit`: expected a size such as 512M, 1GiB or 65536, from 0 to 1024TiB, "
                + "found \"9000000T\""
        ),
        (
            "{idle_timeout: 1e15}",
            "martletd.json5:1: `idle_timeout`: expected a number of seconds from 0 to 9007199254740, "
                + "found 1000000000000000"
        ),
        (
            "{max_line: '2G'}",
            "martletd.json5:1: `max_line`: expected a size such as 512M, 1GiB or 65536, from 1KiB to 256MiB, "
                + "found \"2G\""
        ),
        (
            "{max_body: '2G'}",
            "martletd.json5:1: `max_body`: expected a size such as 512M, 1GiB or 65536, from 1 to 256MiB, "
                + "found \"2G\""
        ),
        ("{max_descriptors: 7}", "martletd.json5:1: `max_descriptors`: expected an integer from 8 to 4096, found 7"),
        ("[]", "martletd.json5:1: expected an object, found an array"),
        ("{max_line: 1M}", "martletd.json5:1: `1M` is no number"),
        (
            "{queues: []}",
            "martletd.json5:1: `queues`: expected an object such as {\"jobs.mail\": {lease: 60}}, found an array"
        ),
    ])
    func mistakesAreNamed(text: String, expected: String) throws { #expect(try problem(text) == expected) }

    @Test(arguments: [
        ("{queues: {q: {\n leas: 1}}}", 2, "leas"), ("{queues: {q: {lease: 0}}}", 1, "lease"),
        ("{queues: {'not a name': {}}}", 1, "queue"), ("{queue_defaults: {'*': {rate: 'x'}}}", 1, "rate"),
        ("{bindings: [{queue: 'q'}]}", 1, "topic"), ("{bindings: [{queue: 'q', topic: 'a..b'}]}", 1, "topic"),
        ("{queues: {q: {op: 1}}}", 1, "op"),
    ])
    func mistakesInQueuesAreNamed(text: String, line: Int, word: String) throws {
        let problem = try problem(text)
        #expect(problem.hasPrefix("martletd.json5:\(line): "))
        #expect(problem.contains(word))
    }

    @Test(arguments: [
        ("{queues: {a: {tag: 1}}}", "`a`: `tag` is no setting of a queue; it takes `lease`, `max_attempts`, "),
        ("{queues: {a: {queue: 'b'}}}", "`a`: `queue` is no setting of a queue; it takes `lease`, "),
        (
            "{queues: {a: {visibility_timeout: 5}}}",
            "`a`: `visibility_timeout` is no setting of a queue; did you mean `lease`?"
        ),
        ("{queue_defaults: {'*': {op: 'declare'}}}", "`*`: `op` is no setting of a queue; it takes `lease`, "),
        (
            "{bindings: [{queue: 'q', topic: 't', tag: 5}]}",
            "`bindings`: `tag` is no setting of a binding; it takes `queue`, `topic`"
        ),
        (
            "{bindings: [{queue: 'q', topics: 't'}]}",
            "`bindings`: `topics` is no setting of a binding; did you mean `topic`?"
        ),
    ])
    func whatStandsOnTheWireOnlyIsNoSetting(text: String, beginning: String) throws {
        let problem = try problem(text)
        #expect(problem.hasPrefix("martletd.json5:1: " + beginning))
        for word in [", `op`", ", `tag`", "takes `queue`, `lease`"] { #expect(!problem.contains(word)) }
    }

    @Test func mistakesInTheEnvironmentAreNamed() throws {
        let error = #expect(throws: ConfigurationError.self) {
            try configuration(environment: ["MARTLET_MAX_LINE": "huge"])
        }
        #expect(error?.exitStatus == .configuration)
        #expect(
            error?.description
                == "MARTLET_MAX_LINE: expected a size such as 512M, 1GiB or 65536, from 1KiB to 256MiB, found `huge`"
        )
    }

    @Test func mistakesInOptionsAreNamed() throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(options: [("io_threads", ["65"])]) }
        #expect(error?.exitStatus == .usage)
        #expect(error?.description == "--io-threads: expected an integer from 0 to 64, found `65`")
    }

    // MARK: Settings that do not go together

    @Test(arguments: [
        (
            "{\nmax_body: '2M'}",
            "martletd.json5:2: `max_body`: 2MiB do not fit into a line of at most 1088KiB with the rest of the "
                + "request: `max_line` must be 256 bytes larger at least"
        ),
        ("{listen: ['[::1]:1', 'h:2', '[::1]:1']}", "martletd.json5:1: `listen`: [::1]:1 is given twice"),
        ("{unix: ['/a', '/a']}", "martletd.json5:1: `unix`: /a is given twice"),
    ])
    func contradictionsAreNamed(text: String, expected: String) throws { #expect(try problem(text) == expected) }

    @Test(arguments: [
        "{max_line: '64K'}", "{max_line: '2M', max_body: 2096896}", "{listen: ['127.0.0.1:0', '127.0.0.1:0']}",
    ])
    func whatGoesTogetherIsTaken(text: String) throws { _ = try configuration(file: text) }

    @Test func contradictingOptionsAreAWrongConfiguration() throws {
        let error = #expect(throws: ConfigurationError.self) { try configuration(options: [("max_body", ["2M"])]) }
        #expect(error?.exitStatus == .configuration)
        #expect(error?.description.hasPrefix("--max-body: 2MiB do not fit") == true)
    }

    @Test(arguments: ["queues", "queue_defaults", "bindings"])
    func sectionsAreNoVariables(section: String) throws {
        let variable = "MARTLET_\(section.uppercased())"
        let error = #expect(throws: ConfigurationError.self) { try configuration(environment: [variable: "{}"]) }
        #expect(error?.exitStatus == .configuration)
        #expect(error?.description == "\(variable): `\(section)` can stand in the configuration file only")
    }

    @Test func unknownVariablesAreNamed() {
        let names = [
            "MARTLET_MAX_LIN", "MARTLET_SEEDS", "HOME", "MARTLET_MAX_LINE", "MARTLET_CONFIG", "MARTLET_SERVER",
            "MARTLET_FOO",
        ]
        #expect(
            EnvironmentVariable.warnings(names)
                == [
                    "MARTLET_FOO in the environment is no setting",
                    "MARTLET_MAX_LIN in the environment is no setting; did you mean `MARTLET_MAX_LINE`?",
                ]
        )
    }

    @Test(arguments: [
        ("{bindings: [{queue: 'q', topic: 't'}]}", "it is not there at the start, and the binding not made"),
        (
            "{durability: 'memory', bindings: [{queue: 'q', topic: 't'}]}",
            "unless the journal has it, no binding is made"
        ),
        ("{bindings: [{queue: 'q', topic: 't'}], queues: {q: {}}}", nil),
    ])
    func bindingsOfUndeclaredQueuesAreDoubted(text: String, consequence: String?) throws {
        let doubts = try configuration(file: text).doubts { _ in nil }
        let expected = consequence.map { ["`bindings`: the queue `q` is not among `queues`: \($0)"] } ?? []
        #expect(doubts == expected)
    }

    // MARK: Settings and what is around

    private func problem(_ text: String, in environment: [String: String]) throws -> String? {
        let configuration = try configuration(file: text)
        do throws(ConfigurationError) {
            try Surroundings { environment[$0] }.check(configuration)
            return nil
        } catch {
            #expect(error.exitStatus == .configuration)
            return error.problem
        }
    }

    @Test func diskNeedsADirectory() throws {
        let said = try problem("{durability: 'disk'}", in: [:])
        #expect(said == "`durability`: \(Surroundings.noDirectory)")
        #expect(
            try configuration(file: "{durability: 'disk'}").doubts { _ in nil } == [
                "`durability`: \(Surroundings.noDirectory)"
            ]
        )
        #expect(try problem("{durability: 'disk'}", in: ["STATE_DIRECTORY": "/s"]) == nil)
        #expect(try problem("{durability: 'disk', data_dir: '/d'}", in: [:]) == nil)
    }

    @Test func memoryNeedsAStoreThatIsLargeEnough() throws {
        let file = "{durability: 'memory', max_descriptors: 16}"
        #expect(try problem(file, in: [:])?.contains("needs a service manager") == true)
        // Before systemd 254 there is no telling.
        #expect(try problem(file, in: ["NOTIFY_SOCKET": "/n"]) == nil)
        #expect(try problem(file, in: ["NOTIFY_SOCKET": "/n", "FDSTORE": "16"]) == nil)
        let said = try problem(file, in: ["NOTIFY_SOCKET": "/n", "FDSTORE": "15"])
        #expect(said?.contains("16 descriptors are more than the 15 that the service manager keeps") == true)
        #expect(said?.contains("FileDescriptorStoreMax=") == true)
    }

    @Test func everyOptionIsTheOptionOfASetting() throws {
        let keys = Setting.all.map(\.key)
        #expect(try Options.parse([]).settings.allSatisfy { keys.contains($0.key) })
    }
}
