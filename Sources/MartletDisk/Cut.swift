/// That segments are not needed any more: what they hold and is still needed has been appended again.
struct Cut: Equatable {
    /// Those before this one.
    var target: UInt32 = 0
    /// They may go when everything before this position would survive them.
    var position: UInt64 = 0

    /// Whether nothing is lost by it.
    func isDue(_ safe: UInt64) -> Bool { safe >= position }
}
