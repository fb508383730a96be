import Foundation
import Testing

/// What the command line makes of a broker that goes at the worst moment.
@Suite struct LostConnectionTests {
    private static let settled = #"{"ok":true,"deleted":1}"#

    private func event(_ id: Int) -> String {
        #"{"event":"message","subscription":1,"queue":"q","id":\#(id),"receipt":"r","attempt":1,"body":"m\#(id)"}"#
    }

    @Test func followingSurvivesADeleteWithoutAnAnswer() throws {
        let broker = try FakeBroker()
        let receiving = try CommandProcess(["receive", "q", "--follow"], server: broker.address)
        let first = try broker.accept()
        try first.answer("subscribe", #"{"ok":true,"subscription":1}"#, event(1))
        #expect(try receiving.line() == "m1")
        try first.answer("delete")
        first.hangUp()
        let second = try broker.accept()
        try second.answer("subscribe", #"{"ok":true,"subscription":1}"#, event(2))
        #expect(try receiving.line() == "m2")
        try second.answer("delete", Self.settled)
        receiving.send(signal: SIGTERM)
        try second.answer("unsubscribe", #"{"ok":true}"#)
        let end = receiving.finish()
        #expect(end.status == 143)
        #expect(end.errors.hasPrefix("martlet: message 1 of q: the connection was lost"))
    }

    @Test func withoutFollowItIsTheEnd() throws {
        let broker = try FakeBroker()
        let receiving = try CommandProcess(["receive", "q"], server: broker.address)
        let only = try broker.accept()
        try only.answer("receive", #"{"ok":true,"messages":[{"id":1,"receipt":"r","attempt":1,"body":"m1"}]}"#)
        try only.answer("delete")
        only.hangUp()
        #expect(receiving.finish().status == 75)
    }

    /// The broker goes down in between, and refuses part of the file.
    @Test func theLinesOfAFileAreSentThroughARestart() throws {
        let broker = try FakeBroker()
        let sending = try CommandProcess(["send", "q", "--lines", "-", "--dedup", "run"], server: broker.address)
        sending.type("a\nb\n")
        let first = try broker.accept()
        try first.answer("send", #"{"ok":true,"id":1}"#)
        try first.answer("send", #"{"ok":false,"error":"draining","reason":"the broker is shutting down"}"#)
        first.hangUp()
        let second = try broker.accept()
        #expect(try second.answer("send", #"{"ok":true,"id":2}"#).contains(#""dedup":"run:2""#))
        let end = sending.finish()
        #expect(end.status == 0)
        #expect(end.errors.hasPrefix("2 messages sent in "))
    }
}
