import Glibc
import MartletSystemd

/// `martlet-service-probe`: a service that does what a daemon with a journal needs of systemd, for Tests/systemd/run.
///
///     martlet-service-probe store NAME...       counts its starts in one stored descriptor for each name
///     martlet-service-probe start STEPS [mute]  takes half a second a step to be ready, and says so, or does not
@main
enum ServiceProbe {
    private static let supervisor = Supervisor()

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, Array(arguments.dropFirst())) {
        case ("store", let names): try store(names)
        case ("start", let rest): start(steps: rest.first.flatMap { Int($0) } ?? 0, isMute: rest.count > 1)
        default: exit(64)
        }
    }

    /// At SIGUSR1 it forgets what is stored under the first name.
    private static func store(_ names: [String]) throws {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        sigaddset(&signals, SIGTERM)
        sigprocmask(SIG_BLOCK, &signals, nil)
        let inherited = InheritedDescriptor.takeAll()
        let store = DescriptorStore(supervisor)
        var counts: [String] = []
        for name in names {
            let found = inherited.filter { $0.name == name }
            guard found.count < 2 else { end("\(found.count) descriptors are called \(name)") }
            let counter = found.first.map { StartCounter(descriptor: $0.number) } ?? StartCounter()
            counts.append("\(name)=\(counter.count())")
            // Also what came back: to store it again must do no harm.
            try store.push(counter.descriptor, name: name)
        }
        ready(counts.joined(separator: " "))
        var number: Int32 = 0
        while sigwait(&signals, &number) == 0, number == SIGUSR1 {
            try store.remove(name: names[0])
            supervisor.tell(.status("\(names[0]) is forgotten"))
        }
        exit(0)
    }

    private static func start(steps: Int, isMute: Bool) {
        var progress = StartProgress("recovering")
        for step in 0..<steps {
            let notice = progress.notice(done: step, of: steps, now: step * 500)
            if !isMute, let notice { supervisor.tell(notice) }
            // A start that takes its time is what this is about.
            usleep(500_000)
        }
        ready("recovered")
        pause()
    }

    private static func ready(_ status: String) {
        // What was pushed is in the store from here on, also if we are killed the next moment.
        supervisor.settle(microseconds: 5_000_000)
        supervisor.tell(.ready(status: status))
    }

    private static func end(_ reason: String) -> Never {
        supervisor.tell(.failed(number: 0, status: reason))
        supervisor.settle(microseconds: 5_000_000)
        exit(1)
    }
}
