internal import CKernels

/// Lion, the sign of an interpolated momentum (Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms",
/// algorithm 2). One moment instead of AdamW's two; wants a learning rate 3 to 10 times smaller and a decay as many times
/// larger than AdamW.
///
/// c = β₁m + (1-β₁)g, w ← w - lr·(sign(c) + λ·w), m ← β₂m + (1-β₂)g
public final class Lion: Optimizer {
    /// Factors of the interpolations and of the decay.
    public struct Configuration: Sendable, Hashable {
        /// β₁, the share of the moment in the step.
        public var beta1: Float
        /// β₂, the share kept of the moment.
        public var beta2: Float
        /// λ, the decay of parameters that decay.
        public var weightDecay: Float

        /// The defaults of the paper.
        public init(beta1: Float = 0.9, beta2: Float = 0.99, weightDecay: Float = 0) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.weightDecay = weightDecay
        }
    }

    /// Factors in use.
    public let configuration: Configuration
    /// Updates done so far; restored on resume.
    public var updateCount = 0
    private let store: ParameterStore
    private let moments: Slab
    private var layout = UpdateBlocks()

    /// An optimizer with zero moments for the parameters that are trainable now.
    public init(_ store: ParameterStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
        moments = Slab(count: store.trainableCount)
    }

    /// `first_moment.NAME` of every trainable parameter.
    public var state: [StateTensor] { StateTensor.slices(of: moments, "first_moment", store) }

    /// Updates every trainable parameter that does not rest from its gradient.
    public func update(learningRate: Float, gradientScale: Float = 1, on pool: ThreadPool) {
        updateCount += 1
        let (values, gradients, moments) = (store.values.base, store.gradients.base, moments.base)
        layout.run(store, on: pool) { block in
            let rate = learningRate * block.learningRateFactor
            ck_lion(
                block.count, values + block.value, gradients + block.gradient, moments + block.gradient,
                gradientScale, configuration.beta1, configuration.beta2,
                block.decays ? 1 - rate * configuration.weightDecay : 1, rate)
        }
    }
}
