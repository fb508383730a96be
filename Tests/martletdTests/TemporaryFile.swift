import Glibc
import Testing

/// A file for one test, gone with it.
final class TemporaryFile {
    let directory: String
    let path: String

    init(_ text: String = "") throws {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        let made = mkdtemp(&template)
        directory = String(cString: try #require(made))
        path = directory + "/martletd.json5"
        try write(text)
    }

    deinit {
        unlink(path)
        rmdir(directory)
    }

    func write(_ text: String) throws {
        let file = try #require(fopen(path, "w"))
        fputs(text, file)
        fclose(file)
    }
}
