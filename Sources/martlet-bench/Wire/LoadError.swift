/// Why a measurement cannot be made, in a sentence for the person who asked for it.
struct LoadError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
