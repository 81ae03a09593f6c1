/// A parameter as it goes into a model file.
public struct ExportedTensor {
    /// Name in the file, with the family's prefix (`bert.encoder.layer.0…`).
    public let name: String
    /// Extents, outermost first.
    public let shape: [Int]
    /// The values, valid as long as the model is and until its next update.
    public let elements: UnsafeBufferPointer<Float>
}
