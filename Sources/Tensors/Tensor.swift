/// A contiguous, row-major block of floats in an ``Arena``, with a shape. Copies share the memory.
public struct Tensor {
    let storage: Storage
    /// Extents, outermost first.
    public let shape: Shape

    init(storage: Storage, shape: Shape) {
        self.storage = storage
        self.shape = shape
    }

    /// The first element, aligned to a cache line; valid as long as the tensor is.
    public var base: UnsafeMutablePointer<Float> { storage.base }
    /// Number of elements.
    public var count: Int { shape.count }
    /// The product of all extents but the last.
    public var rows: Int { shape.rows }
    /// The last extent.
    public var columns: Int { shape.columns }

    /// A copy of all elements.
    public var elements: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
