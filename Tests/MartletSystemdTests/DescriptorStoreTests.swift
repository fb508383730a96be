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
}
