/// A tensor to be written: Float32 values that stay where they are.
public struct SafetensorsEntry {
    /// The tensor's name; unique in its file, and not `__metadata__`.
    public let name: String
    /// Its dimensions, row-major; empty for a scalar.
    public let shape: [Int]
    /// Its values, as many as the shape says; must stay valid until they are written.
    public let values: UnsafeBufferPointer<Float>

    /// A tensor to be written.
    ///
    /// - Parameter values: as many as the product of `shape`.
    public init(name: String, shape: [Int], values: UnsafeBufferPointer<Float>) {
        self.name = name
        self.shape = shape
        self.values = values
    }
}
