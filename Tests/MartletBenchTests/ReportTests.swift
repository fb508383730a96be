import Testing

@testable import martlet_bench

@Suite struct ReportTests {
    @Test(arguments: [
        (1_234_567.0, 0, "1,234,567"), (0.255, 2, "0.26"), (999.96, 1, "1,000.0"), (-3.04, 1, "-3.0"), (12, 0, "12"),
    ])
    func numbersAreForPeople(_ value: Double, _ digits: Int, _ text: String) {
        #expect(Figure.text(value, digits: digits) == text)
    }

    @Test func mediansAreOfRatiosNotOfValues() throws {
        var comparison = Comparison()
        // A machine that is twice as fast in the second round, and a disturbed third one.
        for (mine, theirs) in [(100.0, 50.0), (220.0, 100.0), (90.0, 10.0)] {
            comparison.add(
                martlet: Measurement("m", [Figure("rate", "rate", mine), Figure("own", "own", 1)]),
                peer: Measurement("p", [Figure("rate", "rate", theirs)])
            )
        }
        let row = try #require(comparison.rows.first)
        #expect(comparison.rows.count == 1)
        #expect(row.martlet == 100)
        #expect(row.peer == 50)
        #expect(abs(row.ratio - 2.2) < 0.001)
        #expect(row.lowest == 2)
        #expect(row.highest == 9)
    }

    @Test func aTableAlignsItsColumns() {
        let table = TextTable([
            Measurement("fill", [Figure("rate", "messages/s", 1000)]), Measurement("drain", [Figure("max", "max", 7)]),
        ])
        #expect(table.text == "             fill  drain\nmessages/s  1,000       \nmax                    7")
    }

    @Test func listeningSocketsAreFoundInTheKernelsTables() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1886 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000     0        0 11 1
               1: 0100007F:1886 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1
            """
        #expect(ListeningProcess.inode(listeningOn: 6278, in: table) == 42)
        #expect(ListeningProcess.inode(listeningOn: 80, in: table) == nil)
        let sockets = "Num RefCount Protocol Flags Type St Inode Path\n0: 2 0 00010000 0001 01 77 /run/m.sock\n"
        #expect(ListeningProcess.inode(ofSocketAt: "/run/m.sock", in: sockets) == 77)
    }
}
