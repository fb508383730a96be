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

@c(martlet_measured_batches)
@inline(never)
func measuredBatches(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().sendBatch()
}

@c(martlet_measured_batch_receives)
@inline(never)
func measuredBatchReceives(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().receiveBatch()
}

@c(martlet_measured_batch_deletes)
@inline(never)
func measuredBatchDeletes(_ script: UnsafeMutableRawPointer) {
    Unmanaged<RequestScript>.fromOpaque(script).takeUnretainedValue().deleteBatch()
}
