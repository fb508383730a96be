/// All that one connection ever says, made of bytes once, so that the load generator only copies.
struct Phrases {
    /// Said before the load by one connection for each queue.
    var setup = Request("", replies: 0)
    /// Said after the load by one connection for each queue.
    var teardown = Request("", replies: 0)
    /// Said by each connection before its work.
    var greeting = Request("", replies: 0)
    /// By variant.
    var sends: [SendTemplate] = []
    var repliesPerSend = 1
    /// By queue, where messages go to several.
    var receives: [[UInt8]] = []
    var deletes: [SettleTemplate] = []
    var repliesPerDelete = 1
    var releases: [SettleTemplate] = []
    /// Answers a `keepalive`.
    var sign: [UInt8] = []
    /// Messages come by themselves after the greeting. Else a subscriber keeps as many waiting receives in flight as it
    /// has credit.
    var pushes = false

    struct Request {
        let bytes: [UInt8]
        let replies: Int

        init(_ text: String, replies: Int) {
            bytes = Array(text.utf8)
            self.replies = replies
        }
    }
}

/// A request that sends; stamps are written over it where its bodies begin.
struct SendTemplate {
    let bytes: [UInt8]
    let stampPlaces: [Int]

    init(_ text: String) {
        bytes = Array(text.utf8)
        stampPlaces = bytes.indices.filter { [bytes] in bytes[$0] == Stamp.marker }
    }
}

/// A request that settles messages: the handle goes between its pieces, several are separated by commas.
struct SettleTemplate {
    let pieces: [[UInt8]]

    init(_ pieces: String...) { self.pieces = pieces.map { Array($0.utf8) } }

    func write(_ handles: Handles, _ range: Range<Int>, to output: OutputBuffer) {
        for (place, piece) in pieces.enumerated() {
            if place > 0 {
                for index in range {
                    if index > range.lowerBound { output.append(UInt8(ascii: ",")) }
                    handles.write(index, to: output)
                }
            }
            output.append(piece)
        }
    }
}
