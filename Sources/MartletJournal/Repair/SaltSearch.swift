/// Looks for the salt of a segment whose header is damaged.
enum SaltSearch {
    /// The one that a mark in the segment verifies with; nil if there is no such mark.
    static func salt(of name: String, on source: LenientSource) throws(DiskError) -> UInt64? {
        let file = try source.open(name)
        defer { source.close(file) }
        var salt: UInt64?
        try MarkScan.forEach(in: file, of: nil, on: source, from: UInt64(SegmentHeader.size)) { _, mark in
            salt = mark.salt
            return false
        }
        return salt
    }
}
