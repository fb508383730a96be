extension RetryDelay {
    init?(json: UnsafeRawBufferPointer) { nil }
}
