internal import CKernels
import Glibc

/// Adam with decoupled weight decay over the slabs of a ``ParameterStore`` (Loshchilov and Hutter 2019; the
/// arithmetic of `torch.optim.AdamW`).
///
/// m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², w ← w - lr·λ·w - lr · (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε)
public final class AdamW: Optimizer {
    /// Factors of the running averages and of the decay.
    public struct Configuration: Sendable, Hashable {
        /// β₁, the share kept of the first moment.
        public var beta1: Float
        /// β₂, the share kept of the second moment.
        public var beta2: Float
        /// ε, added to the root of the second moment.
        public var epsilon: Float
        /// λ, the decay of parameters that decay.
        public var weightDecay: Float

        /// The defaults of PyTorch and of the Transformers trainer.
        public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.weightDecay = weightDecay
        }
    }

    /// Factors in use.
    public let configuration: Configuration
    /// First moments of the trainable parameters, laid out as the gradient slab.
    public let firstMoments: Slab
    /// Second moments of the trainable parameters, laid out as the gradient slab.
    public let secondMoments: Slab
    /// Updates done so far; restored on resume.
    public var updateCount: Int {
        get { counts.total }
        set { counts.setAll(to: newValue) }
    }
    private let store: ParameterStore
    private let counts: UpdateCounts
    private var layout = UpdateBlocks()
    /// Of each parameter in the update in progress: 1 / (1 - β₁ᵗ) and 1 / √(1 - β₂ᵗ).
    private var corrections: [(step: Double, root: Float)]

    /// An optimizer with zero moments for the parameters that are trainable now.
    public init(_ store: ParameterStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
        firstMoments = Slab(count: store.trainableCount)
        secondMoments = Slab(count: store.trainableCount)
        counts = UpdateCounts(store)
        corrections = Array(repeating: (1, 1), count: store.parameters.count)
    }

    /// `first_moment.NAME` and `second_moment.NAME` of every trainable parameter, and `updates`.
    public var state: [StateTensor] {
        StateTensor.slices(of: firstMoments, "first_moment", store)
            + StateTensor.slices(of: secondMoments, "second_moment", store) + [counts.state]
    }

    /// Updates every trainable parameter that does not rest from its gradient.
    public func update(learningRate: Float, gradientScale: Float = 1, on pool: ThreadPool) {
        counts.advance(store)
        correctBias()
        let (values, gradients) = (store.values.base, store.gradients.base)
        let (first, second) = (firstMoments.base, secondMoments.base)
        layout.run(store, on: pool) { block in
            let rate = learningRate * block.learningRateFactor
            let correction = corrections[block.parameter]
            ck_adamw(
                block.count, values + block.value, gradients + block.gradient, first + block.gradient,
                second + block.gradient, gradientScale, configuration.beta1, configuration.beta2,
                configuration.epsilon, block.decays ? 1 - rate * configuration.weightDecay : 1,
                Float(Double(rate) * correction.step), correction.root)
        }
    }

    /// Computes the powers once for each run of parameters with equal counts; most have the same.
    private func correctBias() {
        var (last, correction) = (-1, (step: 1.0, root: Float(1)))
        for index in corrections.indices where store.parameters[index].isUpdated {
            if counts[index] != last {
                last = counts[index]
                let first = 1 - pow(Double(configuration.beta1), Double(last))
                let second = 1 - pow(Double(configuration.beta2), Double(last))
                correction = (1 / first, Float(1 / second.squareRoot()))
            }
            corrections[index] = correction
        }
    }
}
