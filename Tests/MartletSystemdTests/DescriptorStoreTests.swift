import Foundation
import MartletSystemd
import Testing

struct DescriptorStoreTests {
    @Test(arguments: ["", "a:b", "naïve", "two words", String(repeating: "x", count: 256)])
    func namesThatSystemdWouldReplaceAreRefused(name: String) {
        #expect(throws: DescriptorStore.Failure.badName(name)) {
            try DescriptorStore(Supervisor()).push(0, name: name)
        }
    }

    @Test func withoutAServiceManagerNothingHappens() throws {
        // The test is no service: the descriptor would be refused if it were looked at.
        try DescriptorStore(Supervisor()).push(-1, name: "segment-1")
    }

    @Test func aManagerThatDoesNotReadIsNotWaitedForWithoutEnd() throws {
        let manager = try manager()
        defer { try? FileManager.default.removeItem(atPath: manager.folder) }
        let store = DescriptorStore(address: manager.path, patience: 50_000)
        // As many as fit into its queue, which the kernel bounds, and one more.
        let failure = #expect(throws: DescriptorStore.Failure.self) {
            for _ in 0..<10_000 { try store.push(0, name: "segment-1") }
        }
        #expect(failure == .notRead)
        #expect(throws: DescriptorStore.Failure.notRead) { try store.remove(name: "segment-1") }
        #expect(throws: DescriptorStore.Failure.notRead) { try store.barrier(microseconds: 50_000) }
        #expect(try manager.wait(for: "FDNAME=segment-1") == ["FDSTORE=1", "FDPOLL=0", "FDNAME=segment-1"])
    }

    @Test func whoIsThereAndDoesNotConfirmIsNotWaitedForEither() throws {
        let manager = try manager()
        defer { try? FileManager.default.removeItem(atPath: manager.folder) }
        let store = DescriptorStore(address: manager.path, patience: 50_000)
        #expect(throws: DescriptorStore.Failure.notRead) { try store.barrier(microseconds: 50_000) }
        #expect(try manager.wait(for: "BARRIER=1") == ["BARRIER=1"])
    }

    /// One that reads only when it is asked to.
    private func manager() throws -> NotificationSocket {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        return try NotificationSocket(in: String(cString: try #require(mkdtemp(&template))))
    }
}
