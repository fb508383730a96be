import Glibc

/// CPU time that the server and the load have taken over the time that is measured.
struct ProcessorUse {
    /// Nil where the server's process is not known.
    private(set) var ofServer: Nanoseconds?
    private(set) var ofLoad: Nanoseconds?
    private let server: ServerProcess?
    private let load = ServerProcess(identifier: Int(getpid()))
    private let begin: (server: Nanoseconds?, load: Nanoseconds?)

    /// Begins now.
    init(_ server: ServerProcess?) {
        self.server = server
        begin = (server?.cpuTime, load.cpuTime)
    }

    /// Ends now.
    mutating func end() {
        ofServer = Self.difference(begin.server, server?.cpuTime)
        ofLoad = Self.difference(begin.load, load.cpuTime)
    }

    private static func difference(_ begin: Nanoseconds?, _ end: Nanoseconds?) -> Nanoseconds? {
        guard let begin, let end else { return nil }
        return end - begin
    }
}
