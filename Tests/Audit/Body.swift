/// The body of a message says which it is, and its length and letters follow from that: a body that was mixed up with
/// another, or cut, is not taken for right.
enum Body {
    static func text(_ token: Int) -> String {
        let letter = Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(token % 26)))
        return "\(token) " + String(repeating: letter, count: 10 + token * 7919 % (token % 50 == 0 ? 5000 : 200))
    }

    /// The message whose body this is; nil if it is nobody's.
    static func token(_ body: String) -> Int? {
        guard let token = Int(body.prefix { $0 != " " }), token > 0, text(token) == body else { return nil }
        return token
    }
}
