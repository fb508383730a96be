import MartletProtocol
import MartletTranscripts
import Testing

/// Every transcript, held with the engine in memory.
@Suite struct TranscriptTests {
    @Test(arguments: TranscriptFile.all)
    func transcript(_ transcript: Transcript) throws {
        let wire = EngineWire(transcript.settings)
        do {
            try Conversation.hold(transcript, over: wire)
        } catch let failure as TranscriptFailure {
            let place = SourceLocation(
                fileID: "MartletTranscripts/Conversations",
                filePath: transcript.path,
                line: failure.line,
                column: 1
            )
            Issue.record("\(transcript.title): \(failure)", sourceLocation: place)
        }
        #expect(wire.firstBrokenInvariant == nil)
    }

    @Test func thereAreTranscriptsWithDifferentTitles() {
        let titles = TranscriptFile.all.map(\.title)
        #expect(titles.count > 100)
        #expect(Set(titles).count == titles.count)
    }
}

/// What the transcripts speak of.
@Suite struct TranscriptCoverage {
    private static let sent = TranscriptFile.all.flatMap(\.lines).compactMap { line in
        if case .sends(_, let bytes) = line.event { bytes } else { nil }
    }
    private static let heard = TranscriptFile.all.flatMap(\.lines).compactMap { line in
        if case .hears(_, let template) = line.event { template } else { nil }
    }

    @Test(arguments: Operation.allCases)
    func everyOperationIsAskedFor(_ operation: Operation) {
        #expect(Self.sent.contains { $0.contains("\"op\":\"\(operation.name)\"") || $0.hasPrefix(operation.name) })
    }

    @Test(arguments: Field.allCases)
    func everyFieldIsGiven(_ field: Field) {
        // Nobody is asked for a token yet.
        if field == .token { return }
        #expect(Self.sent.contains { $0.contains("\"\(field.name)\":") })
    }

    @Test(arguments: ErrorCode.allCases)
    func everyErrorThatCanAriseIsHeard(_ code: ErrorCode) {
        // These need a broker that authenticates, keeps a journal, shuts down or has a defect.
        let elsewhere: Set<ErrorCode> = [.unauthenticated, .forbidden, .notDurable, .draining, .internal]
        #expect(elsewhere.contains(code) || Self.heard.contains { $0.contains("\"error\":\"\(code.rawValue)\"") })
    }
}
