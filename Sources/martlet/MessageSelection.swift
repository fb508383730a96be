import ArgumentParser
import MartletClient

/// Which message of a queue a command is about.
struct MessageSelection: ParsableArguments {
    @Argument(help: "The queue.")
    var queue: String

    @Option(help: "The message's id.")
    var id: Int?

    @Option(help: "The lease's receipt, as `receive --keep` shows it.")
    var receipt: String?

    func validate() throws {
        if (id == nil) == (receipt == nil) { throw ValidationError("Say either --id or --receipt.") }
    }

    var message: MessageReference {
        if let receipt { return .receipt(receipt) }
        return .id(id ?? 0)
    }
}
