import Foundation

/// A program of the system's that is run for what it does or says.
struct Command {
    let words: [String]

    struct Failure: Error, CustomStringConvertible { let description: String }

    init(_ words: [String]) { self.words = words }
    init(_ words: String...) { self.words = words }

    /// Waits for its end.
    /// - Returns: what it has written to its standard output.
    /// - Throws: `Failure` if it ends with another status than 0.
    @discardableResult
    func run() throws -> String {
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "\(words.joined(separator: " ")) has failed (\(process.terminationStatus))")
        }
        return text
    }
}
