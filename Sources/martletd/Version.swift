/// The version that this source is of.
enum Version {
    static let current = "0.1.0"
}
