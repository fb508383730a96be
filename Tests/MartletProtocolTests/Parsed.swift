@testable import MartletProtocol

/// One line, parsed. Requests are views that keep nothing alive, so the line and its batch are never freed: a test may
/// look at a request as long as it likes. Tests of very many lines use one batch of their own.
struct Parsed {
    let batch = RequestBatch()

    init(_ line: [UInt8], limits: Limits = Limits()) {
        _ = Unmanaged.passRetained(batch)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: max(line.count, 1), alignment: 1)
        bytes.copyBytes(from: line)
        batch.parse(UnsafeRawBufferPointer(rebasing: bytes[..<line.count]), limits: limits)
    }

    init(_ line: String, limits: Limits = Limits()) {
        self.init(Array(line.utf8), limits: limits)
    }

    var request: Request? {
        guard case .request(let request) = batch[0] else { return nil }
        return request
    }

    var failure: Failure? {
        guard case .failure(let failure, _, _) = batch[0] else { return nil }
        return failure
    }

    var closes: Bool {
        guard case .failure(_, _, let closes) = batch[0] else { return false }
        return closes
    }

    /// The tag of the request or the failure.
    var tag: String {
        switch batch[0] {
        case .request(let request): String(decoding: request.tag, as: UTF8.self)
        case .failure(_, let tag, _): String(decoding: tag, as: UTF8.self)
        }
    }
}

extension Request {
    func jsonText(_ field: Field) -> String? { json(field).map { String(decoding: $0, as: UTF8.self) } }
}
