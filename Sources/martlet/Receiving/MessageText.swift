import MartletClient

/// A message as it is written for people and pipes.
enum MessageText {
    /// A text as the text it is, anything else as JSON.
    static func bytes(of message: Message) -> [UInt8] {
        message.body.string.map { Array($0.utf8) } ?? message.body.bytes
    }

    /// The same on a terminal, where control characters in a message could move the cursor or worse.
    static func harmless(_ bytes: [UInt8]) -> String {
        var result = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            if isControl, scalar != "\n", scalar != "\t" {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// - Parameter json: The whole message as one line of JSON.
    static func write(_ message: Message, json: Bool) throws {
        let bytes = json ? message.text.bytes : bytes(of: message)
        if StandardOutput.isTerminal {
            try StandardOutput.write(line: harmless(bytes))
        } else {
            try StandardOutput.write(bytes: bytes + [0x0A])
        }
    }
}
