#if DEBUG
extension Broker {
    /// What is not as it must be between two calls; nil if all is well. Looks at everything: for simulations.
    package var firstBrokenInvariant: String? { nil }
}
#endif
