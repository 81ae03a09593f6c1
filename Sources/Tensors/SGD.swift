internal import CKernels

/// Stochastic gradient descent with momentum (the arithmetic of `torch.optim.SGD` without dampening).
///
/// g ← g + λ·w, b ← μ·b + g, w ← w - lr·b, or w ← w - lr·(g + μ·b) after Nesterov (Sutskever et al. 2013). As in
/// PyTorch the decay λ is an L2 penalty that goes through the momentum; decoupled decay shrinks the weights by lr·λ
/// apart from it (SGDW, Loshchilov and Hutter 2019).
public final class SGD: Optimizer {
    /// Momentum and decay.
    public struct Configuration: Sendable, Hashable {
        /// μ, the share kept of the running sum of gradients; 0 keeps no sum and takes no memory.
        public var momentum: Float
        /// Whether the step looks ahead by the momentum.
        public var nesterov: Bool
        /// λ, the decay of parameters that decay.
        public var weightDecay: Float
        /// Whether the decay shrinks weights directly rather than as part of the gradient.
        public var decoupledDecay: Bool

        /// The usual momentum, and L2 decay as in PyTorch.
        public init(
            momentum: Float = 0.9, nesterov: Bool = false, weightDecay: Float = 0, decoupledDecay: Bool = false
        ) {
            precondition(!nesterov || momentum > 0, "Nesterov's step needs momentum")
            self.momentum = momentum
            self.nesterov = nesterov
            self.weightDecay = weightDecay
            self.decoupledDecay = decoupledDecay
        }
    }

    /// Factors in use.
    public let configuration: Configuration
    /// Updates done so far; restored on resume.
    public var updateCount = 0
    private let store: ParameterStore
    private let sums: Slab?
    private var layout = UpdateBlocks()

    /// An optimizer at rest for the parameters that are trainable now.
    public init(_ store: ParameterStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
        sums = configuration.momentum > 0 ? Slab(count: store.trainableCount) : nil
    }

    /// `momentum.NAME` of every trainable parameter; nothing without momentum.
    public var state: [StateTensor] { sums.map { StateTensor.slices(of: $0, "momentum", store) } ?? [] }

    /// Updates every trainable parameter that does not rest from its gradient.
    public func update(learningRate: Float, gradientScale: Float = 1, on pool: ThreadPool) {
        updateCount += 1
        let (values, gradients, sums) = (store.values.base, store.gradients.base, sums?.base)
        layout.run(store, on: pool) { block in
            let rate = learningRate * block.learningRateFactor
            let decay = block.decays ? configuration.weightDecay : 0
            ck_sgd(
                block.count, values + block.value, gradients + block.gradient, sums.map { $0 + block.gradient },
                gradientScale, configuration.momentum, configuration.nesterov ? 1 : 0,
                configuration.decoupledDecay ? 0 : decay, configuration.decoupledDecay ? 1 - rate * decay : 1, rate)
        }
    }
}
