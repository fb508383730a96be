/// An instant, read by the shell once per batch and handed to the core, which knows no clock.
package struct Now: Equatable, Sendable {
    /// Unix milliseconds: what the protocol shows.
    package var wall: Int
    /// Milliseconds of the monotonic clock: what leases, delays and rates run on, so that a step of the wall clock
    /// neither ends nor prolongs them.
    package var monotonic: Int

    package init(wall: Int, monotonic: Int) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
