/// One connection, as the core knows it. An id is not used again for another connection while it may still be named.
package struct SessionID: Hashable, BitwiseCopyable, Sendable {
    let index: UInt32
    let generation: UInt32
}
