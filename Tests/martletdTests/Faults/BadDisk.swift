import Foundation
import Synchronization
import Testing

/// A library that, preloaded into the daemon, plays a bad disk and a clock that is set (`Tests/Faults/faults.c`).
final class BadDisk {
    private let file: TemporaryFile
    private let numbers: UnsafeMutablePointer<Int64>

    /// Nil where there is no C compiler.
    private static let library: String? = {
        let source = URL(filePath: #filePath).appending(path: "../../../Faults/faults.c").standardized.path
        let made = FileManager.default.temporaryDirectory.path + "/martlet-faults-\(getpid()).so"
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-O1", "-shared", "-fPIC", "-o", made, source]
        guard (try? compiler.run()) != nil else { return nil }
        compiler.waitUntilExit()
        return compiler.terminationStatus == 0 ? made : nil
    }()

    static var canBePlayed: Bool { library != nil }

    init() throws {
        file = try TemporaryFile(String(repeating: "\0", count: 4096))
        try Data(count: 4096).write(to: URL(filePath: file.path))
        let descriptor = open(file.path, O_RDWR)
        let place = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        close(descriptor)
        let mapped = try #require(place != MAP_FAILED ? place : nil)
        numbers = mapped.bindMemory(to: Int64.self, capacity: 512)
    }

    deinit { munmap(numbers, 4096) }

    var environment: [String: String] { ["LD_PRELOAD": Self.library ?? "", "MARTLET_FAULTS": file.path] }

    /// The next sync fails.
    func failNextSync(_ error: Int32 = EIO) {
        numbers[4] = Int64(error)
        numbers[1] = numbers[0] + 1
    }
    /// The next write fails.
    func failNextWrite(_ error: Int32 = EIO) {
        numbers[4] = Int64(error)
        numbers[3] = numbers[2] + 1
    }
    /// No write takes more bytes than this at once.
    func shortenWrites(to bytes: Int) { numbers[7] = Int64(bytes) }
    var writes: Int { Int(numbers[2]) }
    /// While this is so, no sync comes to its end.
    func holdSyncs(_ isHeld: Bool) { numbers[5] = isHeld ? 1 : 0 }
    /// While this is so, syncs find no space.
    func starveSyncs(_ areStarved: Bool) { numbers[9] = areStarved ? 1 : 0 }
    /// Sets the wall clock, so many seconds from the true time.
    func setClock(seconds: Int) { numbers[6] = Int64(seconds) * 1000 }
}
