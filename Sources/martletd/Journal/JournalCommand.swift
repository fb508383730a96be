import ArgumentParser
import Glibc
import MartletBroker
import MartletDisk
import MartletJournal
import MartletServer

/// `martletd journal …`: looking into the journal of a daemon that does not run, and making it whole.
struct JournalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into the journal of a daemon that does not run, or repair it.",
        subcommands: [Check.self, Repair.self, Dump.self, Export.self]
    )

    /// Which journal is meant.
    struct Place: ParsableArguments {
        @Argument(help: "The data directory, or the journal's directory in it.")
        var directory: String

        func open() throws(JournalError) -> FileDisk {
            var path = directory
            if access(path + "/journal", F_OK) == 0 { path += "/journal" }
            guard access(path, F_OK) == 0 else {
                throw .unusable(DiskError(.broken, call: "open", file: path, reason: String(cString: strerror(errno))))
            }
            return try FileDisk(directory: path)
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read all of it and say for each segment whether it is good. Changes nothing.",
            discussion: "Exit codes: 0 a daemon would start with it, 74 it would not."
        )
        @OptionGroup var place: Place

        func run() {
            JournalCommand.attempt {
                let report = try JournalCheck.run(place.open())
                for segment in report.segments { print(segment) }
                for number in report.missing { print("segment \(number) is missing") }
                if let marker = report.unfinishedRepair { print("\(marker): a repair was interrupted; run it again") }
                print("\(report.entries) entries, \(report.bytes) bytes: \(report.isGood ? "good" : "not good")")
                if !report.isGood { throw ExitStatus.journal.code }
            }
        }
    }

    struct Repair: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Keep everything that can be read, and set the damaged files aside.",
            discussion: "No file is deleted. It may be stopped at any time and run again."
        )
        @OptionGroup var place: Place

        func run() {
            JournalCommand.attempt {
                guard let summary = try JournalRepair(place.open()).run() else { return print("nothing to repair") }
                for segment in summary.report?.segments ?? [] { print(segment) }
                print("repaired; the old files are in \(summary.folder): \(summary.setAside.joined(separator: ", "))")
                print("what was deleted by a damaged part is there again: `martletd journal export` lists all messages")
            }
        }
    }

    struct Dump: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print its records, one JSON object a line, as far as they can be read."
        )
        @OptionGroup var place: Place

        func run() {
            JournalCommand.attempt {
                let report = try JournalCheck.run(place.open()) { entry, segment in
                    var records = try RecordText(entry: entry)
                    while let record = try records.next() {
                        print("{\"segment\":\(segment),\"at\":\(records.wall),\(record.dropFirst())")
                    }
                }
                if !report.isGood { throw ExitStatus.journal.code }
            }
        }
    }

    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the messages that a daemon would start with, one JSON object a line."
        )
        @OptionGroup var place: Place

        func run() {
            JournalCommand.attempt {
                let now = Clock.now()
                let broker = Broker(settings: BrokerSettings(), loops: 1, incarnation: UInt64(now.wall), now: now)
                let recovery = try Recovery(place.open(), medium: .files)
                broker.beginReplay(firstSegment: recovery.segments.first?.number ?? 1)
                try recovery.replay { try broker.replay($0, segment: $1) }
                broker.endReplay(now: now, grace: .max / 4)
                broker.forEachMessage { print(String(decoding: $0, as: UTF8.self), terminator: "") }
            }
        }
    }

    /// Does it, or says on standard error why not and ends with a status that says so too.
    private static func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            let line = Array("martletd: \(error)\n".utf8)
            _ = write(STDERR_FILENO, line, line.count)
            Glibc.exit(ExitStatus.journal.rawValue)
        }
    }
}

extension ExitStatus {
    fileprivate var code: ExitCode { ExitCode(rawValue) }
}
