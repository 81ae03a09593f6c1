/// A trainable change of low rank beside a frozen linear layer: LoRA (Hu et al. 2021), and DoRA (Liu et al. 2024) where it
/// has a magnitude.
///
/// With V = W + s·B·A the adapted weight is V, or with DoRA m / ‖V‖ ∘ V row by row, the norm being held constant in the
/// backward pass (section 4.3 of the paper) as peft's `DoraLinearLayer` does.
public struct LowRankAdapter: Sendable, Hashable {
    /// A, (rank × inputs).
    public let down: Parameter
    /// B, (outputs × rank).
    public let up: Parameter
    /// m, (outputs): DoRA's magnitude of each row; nil for LoRA.
    public let magnitude: Parameter?
    /// s: α / rank, or α / √rank with rank stabilisation.
    public let scale: Float
    /// Probability of an element of the adapter's input to be dropped.
    public let dropoutProbability: Float

    /// An adapter; its parameters must fit one another.
    public init(
        down: Parameter, up: Parameter, magnitude: Parameter? = nil, scale: Float, dropoutProbability: Float = 0
    ) {
        precondition(up.shape.columns == down.shape.rows, "\(up.name) \(up.shape) after \(down.name) \(down.shape)")
        precondition(magnitude.map { $0.count == up.shape.rows } ?? true, "one magnitude an output of \(up.name)")
        self.down = down
        self.up = up
        self.magnitude = magnitude
        self.scale = scale
        self.dropoutProbability = dropoutProbability
    }

    /// The number of rows of A.
    public var rank: Int { down.shape.rows }

    /// Writes the adapted weight, W with the adapter merged into it, as it is without dropout.
    ///
    /// - Parameters:
    ///   - weight: W, (outputs × inputs).
    ///   - target: memory for as many floats; must not be that of W.
    public func merge(_ weight: Parameter, of store: ParameterStore, into target: UnsafeMutableBufferPointer<Float>) {
        precondition(target.count == weight.count, "merging \(weight.name): room for \(weight.count) floats")
        guard let base = target.baseAddress else { return }
        let (outputs, inputs) = (weight.shape.rows, weight.shape.columns)
        addProduct(weight, of: store, rows: 0..<outputs, to: base)
        guard let magnitude else { return }
        let length = store.value(magnitude)
        for row in 0..<outputs {
            let line = UnsafeMutableBufferPointer(start: base + row * inputs, count: inputs)
            let factor = length[row] / Self.norm(line)
            for column in line.indices { line[column] *= factor }
        }
    }

    /// Writes some rows of V = W + s·B·A.
    func addProduct(
        _ weight: Parameter, of store: ParameterStore, rows: Range<Int>, to target: UnsafeMutablePointer<Float>
    ) {
        let inputs = weight.shape.columns
        target.update(from: store.value(weight).baseAddress! + rows.lowerBound * inputs, count: rows.count * inputs)
        BLAS.multiply(
            m: rows.count, n: inputs, k: rank, alpha: scale,
            a: store.value(up).baseAddress! + rows.lowerBound * rank, lda: rank, b: store.value(down).baseAddress!,
            ldb: inputs, beta: 1, c: target, ldc: inputs)
    }

    /// Sets DoRA's magnitudes to the norms of the rows of V, so that the adapted weight is V itself.
    public func resetMagnitude(_ weight: Parameter, of store: ParameterStore) {
        guard let magnitude else { return }
        let inputs = weight.shape.columns
        withUnsafeTemporaryAllocation(of: Float.self, capacity: weight.count) { merged in
            addProduct(weight, of: store, rows: 0..<weight.shape.rows, to: merged.baseAddress!)
            for (row, target) in store.value(magnitude).indices.enumerated() {
                store.value(magnitude)[target] = Self.norm(
                    UnsafeMutableBufferPointer(rebasing: merged[(row * inputs)..<((row + 1) * inputs)]))
            }
        }
    }

    static func norm(_ row: UnsafeMutableBufferPointer<Float>) -> Float {
        Float(row.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
    }
}
