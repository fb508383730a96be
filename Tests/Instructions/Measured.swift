// What is measured, under names by which a profile can be searched.

@c(martlet_measured_sends)
@inline(never)
func measuredSends(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().send()
}

@c(martlet_measured_receives)
@inline(never)
func measuredReceives(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().receive()
}

@c(martlet_measured_deletes)
@inline(never)
func measuredDeletes(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().delete()
}
