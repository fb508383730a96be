import ArgumentParser
import Glibc
import MartletClient

/// How the program ends, for scripts. Numbers from 64 are those of sysexits.h.
enum ExitStatus: Int32 {
    case success = 0
    /// The broker refused the request.
    case refused = 1
    /// There is nothing, or nothing came in time.
    case nothing = 2
    /// A command of `receive --exec` failed; its message was released.
    case commandFailed = 3
    case usage = 64
    /// What was to be sent is not what it should be.
    case badInput = 65
    case noInput = 66
    /// No broker can be reached.
    case unavailable = 69
    case cannotWrite = 74
    /// The connection was lost: the request may or may not have been carried out.
    case outcomeUnknown = 75

    /// Says why on standard error, and ends the program.
    static func end(because error: any Error) -> Never {
        if error is BrokenPipe { exit(success.rawValue) }
        if let quiet = error as? ExitCode { exit(quiet.rawValue) }
        guard let status = status(of: error) else { Martlet.exit(withError: error) }
        StandardError.write("martlet: \(describe(error))\n")
        exit(status.rawValue)
    }

    /// Nil for an error of the argument parser, which has words of its own.
    static func status(of error: any Error) -> ExitStatus? {
        switch error {
        case is MartletError: .refused
        case ConnectionError.outcomeUnknown: .outcomeUnknown
        case is ConnectionError: .unavailable
        case is AddressError: .usage
        case is JSONTextError: .badInput
        case let failure as InputFailure: failure.status
        case is OutputFailure: .cannotWrite
        default: nil
        }
    }

    /// One line for a person who may have been woken up for it.
    static func describe(_ error: any Error) -> String {
        guard case ConnectionError.cannotConnect(_, let reason) = error,
            ["connection refused", "no such file or directory"].contains(reason)
        else { return "\(error)" }
        return "\(error): is martletd running?"
    }
}

/// Input that cannot be read or sent.
struct InputFailure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String
}
