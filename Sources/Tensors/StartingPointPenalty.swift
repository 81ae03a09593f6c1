internal import CKernels

/// L2-SP: a pull of the weights towards where training started (Li, Grandvalet and Davoine 2018, "Explicit Inductive
/// Bias for Transfer Learning with Convolutional Networks").
///
/// Adds α/2 · ‖w - w⁰‖² over the pretrained parameters to the loss; a new head has no starting point worth keeping and
/// is to be left to weight decay. Holds one slab, laid out as the gradients.
public final class StartingPointPenalty {
    /// α
    public let coefficient: Float
    private let store: ParameterStore
    private let start: Slab
    private let includes: [Bool]
    private var layout = UpdateBlocks()

    /// Takes the weights as they are now for the starting point.
    ///
    /// - Parameters:
    ///   - coefficient: α.
    ///   - includes: whether a trainable parameter is pulled.
    public init(_ store: ParameterStore, coefficient: Float, includes: (Parameter) -> Bool) {
        self.store = store
        self.coefficient = coefficient
        start = Slab(count: store.trainableCount)
        self.includes = store.parameters.map { $0.isTrainable && includes($0) }
        for parameter in store.parameters where self.includes[parameter.index] {
            guard let range = parameter.gradientRange else { continue }
            (start.base + range.lowerBound).update(
                from: store.values.base + parameter.range.lowerBound, count: range.count)
        }
    }

    /// `starting_weight.NAME` of every parameter that is pulled: a run that resumes fills them in from its file, since its
    /// weights have moved on.
    public var state: [StateTensor] {
        StateTensor.slices(of: start, "starting_weight", store) { includes[$0.index] }
    }

    /// Adds the penalty's gradient, α·(w - w⁰), to the gradients: once a step, after all micro-batches and before
    /// clipping.
    ///
    /// - Parameter scale: 1 over the factor that the update will apply to the gradients, other than by clipping.
    public func addGradients(scale: Float = 1, on pool: ThreadPool) {
        let (values, gradients, start) = (store.values.base, store.gradients.base, start.base)
        layout.run(store, on: pool) { block in
            guard includes[block.parameter] else { return }
            ck_add_difference(
                block.count, coefficient * scale, values + block.value, start + block.gradient,
                gradients + block.gradient)
        }
    }

    /// α/2 · ‖w - w⁰‖², the share of the loss that is the penalty.
    public var value: Double {
        store.parameters.reduce(0) { sum, parameter in
            guard includes[parameter.index], let range = parameter.gradientRange else { return sum }
            return sum
                + ck_squared_distance(
                    range.count, store.values.base + parameter.range.lowerBound, start.base + range.lowerBound)
        } * Double(coefficient) / 2
    }
}
