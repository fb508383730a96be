/// What the server calls the messages it has delivered: the bytes that name each when it is deleted or released.
final class Handles {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    func append(_ handle: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: handle)
        ends.append(bytes.count)
    }

    func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    func write(_ index: Int, to output: OutputBuffer) {
        let start = index == 0 ? 0 : ends[index - 1]
        bytes.withUnsafeBytes { output.append(UnsafeRawBufferPointer(rebasing: $0[start..<ends[index]])) }
    }
}
