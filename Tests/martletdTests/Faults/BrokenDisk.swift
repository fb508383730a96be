import CLinux
import Foundation
import Testing

/// A real file system on a block device that stops taking writes: a loop device on memory that is sealed then. The
/// kernel says EIO to whoever syncs after that.
final class BrokenDisk {
    let path: String
    private let folder: JournalFolder
    private var memory: Int32
    private var device = ""

    struct NotMade: Error {}

    static let canBeMade = (try? BrokenDisk()) != nil

    private static let size = 64 << 20
    /// As in linux/fcntl.h.
    private static let (addSeals, sealFutureWrite): (Int32, Int32) = (1033, 16)

    init() throws {
        folder = try JournalFolder()
        path = folder.path
        memory = try Self.makeMemory()
        try Self.run("mkfs.ext4", "-q", "-F", "-E", "nodiscard", Self.name(memory))
        try attach()
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        _ = try? Self.run("losetup", "--detach", device)
        close(memory)
    }

    /// From now on, nothing can be written to it.
    func fail() throws {
        guard fcntl(memory, Self.addSeals, Self.sealFutureWrite) == 0 else { throw NotMade() }
    }

    /// Puts what could be written onto a disk that is good.
    func repair() throws {
        guard umount2(path, 0) == 0 else { throw NotMade() }
        try Self.run("losetup", "--detach", device)
        let good = try Self.makeMemory()
        try Self.run("dd", "if=\(Self.name(memory))", "of=\(Self.name(good))", "bs=1M", "conv=notrunc,sparse")
        close(memory)
        memory = good
        try attach()
    }

    private func attach() throws {
        device = try Self.run("losetup", "--find", "--show", Self.name(memory)).filter { !$0.isWhitespace }
        try Self.run("mount", "-t", "ext4", device, path)
    }

    private static func makeMemory() throws -> Int32 {
        let memory = clinux_create_memory("martlet-broken-disk")
        guard memory >= 0, ftruncate(memory, off_t(size)) == 0 else { throw NotMade() }
        return memory
    }

    /// By which other processes open it.
    private static func name(_ memory: Int32) -> String { "/proc/\(getpid())/fd/\(memory)" }

    @discardableResult
    private static func run(_ words: String...) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotMade() }
        return String(decoding: said, as: UTF8.self)
    }
}
