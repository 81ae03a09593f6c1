/// What to know of a parameter before it has memory.
public struct ParameterSpecification: Sendable, Hashable {
    /// Full name, as in the model's file (`encoder.layer.0.attention.self.query.weight`).
    public let name: String
    /// Extents as in the model's file.
    public let shape: Shape
    /// The part of the model it belongs to (`embeddings`, `encoder.layer.0`, `pooler`, `classifier`).
    public let block: String
    /// Whether weight decay applies; false for biases and normalisation.
    public let decays: Bool
    /// Height over the input: 0 for embeddings, n + 1 for layer n, one more than the topmost layer for the head.
    public let depth: Int
    /// What the parameter is to the task.
    public let role: ParameterRole

    /// A parameter with its name, shape, block, whether weight decay applies, and its place in the network.
    public init(
        name: String, shape: Shape, block: String, decays: Bool, depth: Int = 0, role: ParameterRole = .trunk
    ) {
        self.name = name
        self.shape = shape
        self.block = block
        self.decays = decays
        self.depth = depth
        self.role = role
    }
}

/// A parameter with its place in a ``ParameterStore``.
public struct Parameter: Sendable, Hashable {
    /// Name, shape, block and decay.
    public let specification: ParameterSpecification
    /// Position in the store.
    public let index: Int
    /// Elements in the slab of values.
    public let range: Range<Int>
    /// Elements in the slabs of gradients and moments; nil while the parameter is frozen.
    public internal(set) var gradientRange: Range<Int>?
    /// Factor on the learning rate of every update. A trainable parameter of factor 0 rests: it is treated as frozen, but
    /// keeps its place among the gradients and its optimizer state.
    public internal(set) var learningRateFactor: Float = 1

    init(specification: ParameterSpecification, index: Int, range: Range<Int>) {
        self.specification = specification
        self.index = index
        self.range = range
        gradientRange = range
    }

    /// Full name, as in the model's file.
    public var name: String { specification.name }
    /// Extents as in the model's file.
    public var shape: Shape { specification.shape }
    /// The part of the model it belongs to.
    public var block: String { specification.block }
    /// Whether weight decay applies; false for biases and normalisation.
    public var decays: Bool { specification.decays }
    /// Height over the input: 0 for embeddings, n + 1 for layer n, one more than the topmost layer for the head.
    public var depth: Int { specification.depth }
    /// What the parameter is to the task.
    public var role: ParameterRole { specification.role }
    /// Number of elements.
    public var count: Int { range.count }
    /// Whether training changes it, now or later.
    public var isTrainable: Bool { gradientRange != nil }
    /// Whether the next update changes it: trainable and not resting.
    public var isUpdated: Bool { gradientRange != nil && learningRateFactor != 0 }
}
