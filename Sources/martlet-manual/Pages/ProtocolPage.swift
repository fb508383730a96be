import MartletProtocol

/// martlet-protocol(7): the reference that is written from the operation table.
enum ProtocolPage {
    static var page: ManualPage {
        ManualPage(
            name: "martlet-protocol",
            section: 7,
            summary: "lines of JSON between Martlet and its clients",
            text: ProtocolReference.markdown + "\n## See also\nmartlet(1), martletd(8)\n"
        )
    }
}
