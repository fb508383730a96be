import Glibc
import Logging
import MartletServer
import MartletSystemd

/// The end of a start that cannot succeed: one line says why, to a person, to the log and to the service manager.
struct FailedStart {
    let reason: String
    let status: ExitStatus
    /// The kernel's error number, 0 if it is not to blame.
    var number: Int32 = 0

    func end() -> Never {
        let supervisor = Supervisor()
        supervisor.tell(.failed(number: number, status: reason))
        if JournaldLog.isStandardError {
            Logger(label: "martletd") { _ in JournaldLog { .info } }.log(.startFailed, .critical, "\(reason)")
        } else {
            let line = Array("martletd: \(reason)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
        // A notice that is read when its sender is gone is dropped.
        supervisor.settle(microseconds: 1_000_000)
        exit(status.rawValue)
    }
}

extension FailedStart {
    init(_ error: ListenError) {
        self.init(reason: error.description, status: error.exitStatus, number: error.number)
    }
}

extension ListenError {
    fileprivate var exitStatus: ExitStatus {
        switch self {
        case .addressInUse: .addressInUse
        case .notPermitted: .notPermitted
        case .failed(.unix, _), .noSocket: .cannotCreate
        case .noSuchHost, .pathTooLong: .configuration
        case .failed, .notListening: .operatingSystem
        }
    }

    fileprivate var number: Int32 {
        switch self {
        case .addressInUse: EADDRINUSE
        case .notPermitted(_, let error), .failed(_, let error): error.number
        case .noSocket: EEXIST
        case .notListening: ENOTSOCK
        case .noSuchHost, .pathTooLong: 0
        }
    }
}
