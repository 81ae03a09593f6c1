/// One tensor of a safetensors file, as its header describes it.
public struct TensorInfo: Sendable, Equatable {
    /// The tensor's name, for example `encoder.layer.0.attention.self.query.weight`.
    public let name: String
    /// The type of its elements.
    public let element: TensorElement
    /// Its dimensions, row-major; empty for a scalar.
    public let shape: [Int]
    /// Where its bytes are, in bytes from the start of the data section.
    public let byteRange: Range<Int>

    /// The number of elements: the product of the shape, proven not to overflow when the header was checked.
    public var count: Int { shape.reduce(1, *) }
}
