import Foundation

/// Real files below a folder, and what a power cut would leave of them.
///
/// A file's bytes are durable by a sync of the file, names by a sync of their folder. Of names that are not, those up
/// to some change survive; a folder that has not survived takes along what is in it.
struct PoweredDisk {
    struct Unknown: Error, CustomStringConvertible { let description: String }

    private enum Node: Equatable {
        case folder
        case file(Int)
    }

    private enum Change {
        case link(String, Node)
        case rename(String, to: String)
        case unlink(String)

        /// The folders whose sync makes it durable.
        var folders: [String] {
            switch self {
            case .link(let name, _), .unlink(let name): [PoweredDisk.folder(of: name)]
            case .rename(let name, let newName): [PoweredDisk.folder(of: name), PoweredDisk.folder(of: newName)]
            }
        }
    }

    private let root: String
    private var files: [PoweredFile] = []
    private var indices: [UInt64: Int] = [:]
    private var names: [String: Node] = [:]
    private var durableNames: [String: Node] = [:]
    private var pendingNames: [Change] = []

    /// An empty folder, which is durable.
    init(root: String) { self.root = root }

    private static func folder(of name: String) -> String {
        name.split(separator: "/").dropLast().joined(separator: "/")
    }

    // MARK: While there is power

    mutating func `do`(_ step: PowerStep) throws {
        switch step {
        case .create(let name, let number):
            indices[number] = files.count
            change(.link(name, .file(files.count)))
            files.append(PoweredFile())
        case .makeFolder(let name): change(.link(name, .folder))
        case .rename(let name, let newName):
            guard case .file = names[name] else { throw Unknown(description: "\(name), no file, was renamed") }
            change(.rename(name, to: newName))
        case .unlink(let name): change(.unlink(name))
        case .write(let file, let offset, let bytes): try files[index(file)].write(bytes, at: offset)
        case .grow(let file, let size): try files[index(file)].grow(to: size)
        case .resize(let file, let size): try files[index(file)].resize(to: size)
        case .syncData(let file): try files[index(file)].syncData()
        case .sync(let file): try files[index(file)].sync()
        case .syncFolder(let name):
            for change in pendingNames where change.folders.contains(name) { Self.apply(change, to: &durableNames) }
            pendingNames.removeAll { $0.folders.contains(name) }
        }
    }

    private func index(_ file: UInt64) throws -> Int {
        guard let index = indices[file] else { throw Unknown(description: "nobody has created file \(file)") }
        return index
    }

    private mutating func change(_ change: Change) {
        Self.apply(change, to: &names)
        pendingNames.append(change)
    }

    private static func apply(_ change: Change, to names: inout [String: Node]) {
        switch change {
        case .link(let name, let node): names[name] = node
        case .unlink(let name): names[name] = nil
        case .rename(let name, let newName):
            if let node = names.removeValue(forKey: name) { names[newName] = node }
        }
    }

    /// Compares what should be there with what is there: there are no other ways to change a file than are known here.
    func compare() throws {
        let there = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
        guard there.sorted() == names.keys.sorted() else {
            throw Unknown(description: "there are \(there.sorted()), and of \(names.keys.sorted()) was told")
        }
        for case (let name, .file(let index)) in names where try read(name) != files[index].bytes {
            throw Unknown(description: "\(name) does not hold what was written to it")
        }
    }

    private func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(filePath: "\(root)/\(name)")))
    }

    // MARK: Without

    /// Cuts the power: puts what survives in place of what is there. All of it is durable then.
    mutating func cut(_ survivors: PoweredFile.Survivors, _ random: inout SeededGenerator) throws {
        let left = namesLeft(survivors, &random)
        let contents = files.map { $0.afterPowerCut(survivors, &random) }
        self = PoweredDisk(root: root)
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: root) { try manager.removeItem(atPath: "\(root)/\(name)") }
        // A folder comes before what is in it.
        for (name, node) in left.sorted(by: { $0.key < $1.key }) {
            let path = "\(root)/\(name)"
            durableNames[name] = node
            guard case .file(let index) = node else {
                mkdir(path, 0o700)
                continue
            }
            try Data(contents[index]).write(to: URL(filePath: path))
            chmod(path, 0o600)
            var status = stat()
            stat(path, &status)
            indices[UInt64(status.st_ino)] = files.count
            durableNames[name] = .file(files.count)
            files.append(PoweredFile(contents[index]))
        }
        names = durableNames
    }

    private func namesLeft(
        _ survivors: PoweredFile.Survivors,
        _ random: inout SeededGenerator
    ) -> [String: Node] {
        let count =
            switch survivors {
            case .nothing: 0
            case .everything: pendingNames.count
            default: Int.random(in: 0...pendingNames.count, using: &random)
            }
        var left = durableNames
        for change in pendingNames.prefix(count) { Self.apply(change, to: &left) }
        return left.filter { name, _ in
            var folder = Self.folder(of: name)
            while !folder.isEmpty {
                guard left[folder] == .folder else { return false }
                folder = Self.folder(of: folder)
            }
            return true
        }
    }
}
