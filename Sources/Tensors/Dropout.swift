internal import CKernels

/// One operation's dropout: which elements go is a function of seed, step, stream and element number only.
///
/// Element `i` belongs to Philox4x32-10 block `i / 8`, from which it takes 16 bits; it is dropped when they are
/// below `threshold`. Both passes draw the mask anew, so it is never stored.
struct Dropout {
    let key: UInt64
    let stream: UInt64
    /// Of 65 536: how many of the values of 16 bits mean "drop".
    let threshold: UInt32
    /// Factor on what is kept.
    let scale: Float

    init(state: DropoutState, stream: UInt32, probability: Float) {
        key = state.seed
        self.stream = state.step << 16 | UInt64(stream)
        threshold = UInt32((probability * 65_536).rounded())
        scale = 1 / (1 - Float(threshold) / 65_536)
    }
}

/// Calls `body` with what the kernels take: the address of a stream, or nil without dropout.
func withKernelDropout<Result>(_ dropout: Dropout?, _ body: (UnsafePointer<ck_dropout>?) -> Result) -> Result {
    guard let dropout else { return body(nil) }
    let kernel = ck_dropout(
        key: dropout.key, stream: dropout.stream, threshold: dropout.threshold, scale: dropout.scale)
    return withUnsafePointer(to: kernel) { body($0) }
}
