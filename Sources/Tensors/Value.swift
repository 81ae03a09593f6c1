/// The result of an operation on a ``Tape``.
public struct Value {
    /// Number on the tape, for its gradient.
    let id: Int
    /// The data.
    public let tensor: Tensor
    /// Whether anything trainable lies below, so that a gradient is wanted.
    public let needsGradient: Bool

    /// Extents of the data.
    public var shape: Shape { tensor.shape }
}
