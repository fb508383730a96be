/// Who keeps descriptors for the next run of this service: systemd's file-descriptor store.
package protocol DescriptorKeeper: Sendable {
    /// Hands over a duplicate. Whether it was taken is not said.
    func push(_ descriptor: Int32, name: String) throws
    /// Forgets all descriptors of this name.
    func remove(name: String) throws
    /// Returns when everything handed over before has been taken in; throws if that was not confirmed in time.
    func barrier() throws
}
