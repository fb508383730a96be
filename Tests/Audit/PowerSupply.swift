import Foundation

/// Lets the daemon run on files of which a power cut leaves what was synced, and of the rest what chance leaves.
final class PowerSupply {
    /// The folder where the daemon's files are.
    let root: String
    private let library: String
    private let trace: String
    private let lies: Bool
    private var disk: PoweredDisk
    private var random: SeededGenerator

    /// - Parameter lies: whether the disk says that it has synced and has not.
    init(folder: String, seed: UInt64, lies: Bool) throws {
        // The trace says what descriptors say, where no link is left.
        let folder = URL(filePath: folder).resolvingSymlinksInPath().path
        root = folder + "/disk"
        library = folder + "/power.so"
        trace = folder + "/trace"
        self.lies = lies
        disk = PoweredDisk(root: root)
        random = SeededGenerator(seed: seed &+ 5_000)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        let source = URL(filePath: #filePath).appending(path: "../../Faults/power.c").standardized.path
        try Command("cc", "-O1", "-shared", "-fPIC", "-o", library, source).run()
    }

    /// What a daemon's environment needs. It is killed before its call of this number to the disk, unless that is 0.
    func environment(lastCall: Int) -> [String] {
        let names = ["LD_PRELOAD": library, "MARTLET_POWER_ROOT": root, "MARTLET_POWER_TRACE": trace]
        let lie = lies ? ["MARTLET_POWER_LIES=1"] : []
        return names.map { "\($0)=\($1)" } + lie + ["MARTLET_POWER_CALLS=\(lastCall)"]
    }

    /// Looks at what a daemon has done to its files.
    /// - Parameter isWhole: whether it has ended between two calls, so that all is known.
    func note(isWhole: Bool) throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: trace)))
        let (steps, isComplete) = try PowerStep.read(bytes)
        for step in steps { try disk.do(step) }
        try Data().write(to: URL(filePath: trace))
        guard isWhole else { return }
        guard isComplete else { throw PoweredDisk.Unknown(description: "what was done last is written down in part") }
        try disk.compare()
    }

    /// Cuts the power of a daemon that is gone.
    func cut() throws {
        let all = PoweredFile.Survivors.allCases
        try disk.cut(lies ? .nothing : all.randomElement(using: &random) ?? .nothing, &random)
    }
}
