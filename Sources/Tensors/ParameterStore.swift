/// All parameters of a model: one slab of values, and one of gradients for those that are trainable.
///
/// Parameters lie in the slab in the order of declaration without gaps, so that neighbours can be used as one
/// matrix (query, key and value as a single projection). Trainable ones lie in the gradient slab in the same order.
public final class ParameterStore {
    /// Every parameter, in the order of declaration.
    public private(set) var parameters: [Parameter]
    /// Values of all parameters.
    public let values: Slab
    /// Gradients of the trainable parameters.
    public private(set) var gradients: Slab {
        didSet { squareSums = Self.makeSquareSums(gradients) }
    }
    /// Room for the sums of squares of the blocks of the gradients.
    var squareSums: [Double]
    /// Gradients that are summed at once: fixed, so that the norm does not depend on the threads.
    static let gradientBlock = 1 << 16
    /// Rises whenever what an optimizer lays out its work by has changed.
    private(set) var layoutVersion = 0
    private let positions: [String: Int]

    /// Lays out the parameters; all values are zero and all are trainable. Names must differ.
    public init(_ specifications: [ParameterSpecification]) {
        var offset = 0
        var positions: [String: Int] = [:]
        parameters = specifications.enumerated().map { index, specification in
            let range = offset..<(offset + specification.shape.count)
            offset = range.upperBound
            precondition(positions.updateValue(index, forKey: specification.name) == nil, specification.name)
            return Parameter(specification: specification, index: index, range: range)
        }
        self.positions = positions
        values = Slab(count: offset)
        let gradients = Slab(count: offset)
        self.gradients = gradients
        squareSums = Self.makeSquareSums(gradients)
    }

    private static func makeSquareSums(_ gradients: Slab) -> [Double] {
        Array(repeating: 0, count: (gradients.count + gradientBlock - 1) / gradientBlock)
    }

    /// Number of floats of all parameters.
    public var count: Int { values.count }

    /// Number of floats of the trainable parameters; the size of gradients and of each moment.
    public var trainableCount: Int { gradients.count }

    /// The parameter of that name.
    public subscript(name: String) -> Parameter? { positions[name].map { parameters[$0] } }

    /// Chooses the trainable parameters. Drops all gradients; an optimizer made before is of no more use.
    public func setTrainable(_ isTrainable: (Parameter) throws -> Bool) rethrows {
        var offset = 0
        for index in parameters.indices {
            if try isTrainable(parameters[index]) {
                parameters[index].gradientRange = offset..<(offset + parameters[index].count)
                offset += parameters[index].count
            } else {
                parameters[index].gradientRange = nil
            }
        }
        gradients = Slab(count: offset)
        layoutVersion += 1
    }

    /// Chooses each parameter's factor on the learning rate: discriminative rates, or 0 for what rests (gradual unfreezing).
    /// Gradients and optimizer state keep their places.
    ///
    /// What rests is pruned from the tape as if it were frozen; its gradients must be zero when it begins to rest, and stay so.
    public func setLearningRateFactors(_ factor: (Parameter) throws -> Float) rethrows {
        for index in parameters.indices { parameters[index].learningRateFactor = try factor(parameters[index]) }
        layoutVersion += 1
    }

    /// The elements of a parameter.
    public func value(_ parameter: Parameter) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(start: values.base + parameter.range.lowerBound, count: parameter.count)
    }

    /// Whether the next update changes a parameter.
    func updates(_ parameter: Parameter) -> Bool { parameters[parameter.index].isUpdated }

    /// The gradient of a parameter; nil while it is frozen or rests.
    public func gradient(_ parameter: Parameter) -> UnsafeMutableBufferPointer<Float>? {
        guard updates(parameter), let range = parameters[parameter.index].gradientRange else { return nil }
        return UnsafeMutableBufferPointer(start: gradients.base + range.lowerBound, count: range.count)
    }

    /// The first trainable parameter whose gradient holds an infinity or a NaN.
    public func firstNonFiniteGradient() -> Parameter? {
        parameters.first { parameter in
            gradient(parameter).map { !$0.allSatisfy(\.isFinite) } ?? false
        }
    }
}
