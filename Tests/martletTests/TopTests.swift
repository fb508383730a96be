import Foundation
import Testing

@Suite struct TopTests {
    /// A terminal of our own, in which `top` runs.
    struct Terminal {
        let main: FileHandle
        let end: FileHandle

        /// Through ioctl, because glibc shows posix_openpt and its kin to GNU programs only. The numbers are Linux's
        /// TIOCSPTLCK and TIOCGPTN.
        init() throws {
            let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
            try #require(descriptor >= 0)
            main = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            var isLocked: Int32 = 0
            var number: UInt32 = 0
            let status = ioctl(descriptor, 0x4004_5431, &isLocked) | ioctl(descriptor, 0x8004_5430, &number)
            try #require(status == 0)
            let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
            try #require(other >= 0)
            end = FileHandle(fileDescriptor: other, closeOnDealloc: true)
        }
    }

    @Test(.enabled(if: access("/dev/ptmx", W_OK) == 0), arguments: ["q", "\u{03}"])
    func showsQueuesAndLeavesTheTerminalAsItWas(key: String) throws {
        let broker = try TestBroker()
        #expect(try broker.run("send", "jobs", "x").status == 0)
        let terminal = try Terminal()
        var before = termios()
        #expect(tcgetattr(terminal.end.fileDescriptor, &before) == 0)
        let process = Process()
        process.executableURL = Products.url("martlet")
        process.arguments = ["top", "--server", broker.address, "--interval", "20ms"]
        process.environment = [:]
        process.standardInput = terminal.end
        process.standardOutput = terminal.end
        try process.run()
        var shown = ""
        while !shown.contains("jobs") { shown += String(decoding: terminal.main.availableData, as: UTF8.self) }
        #expect(shown.hasPrefix("\u{1B}[?1049h"))
        terminal.main.write(Data(key.utf8))
        while !shown.contains("\u{1B}[?1049l") { shown += String(decoding: terminal.main.availableData, as: UTF8.self) }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        var after = termios()
        #expect(tcgetattr(terminal.end.fileDescriptor, &after) == 0)
        #expect(after.c_lflag == before.c_lflag)
    }
}
