internal import CKernels
import Glibc

/// Adam with decoupled weight decay over the slabs of a ``ParameterStore`` (Loshchilov and Hutter 2019; the
/// arithmetic of `torch.optim.AdamW`).
///
/// m ← β₁m + (1-β₁)g, v ← β₂v + (1-β₂)g², w ← w - lr·λ·w - lr · (m / (1-β₁ᵗ)) / (√(v / (1-β₂ᵗ)) + ε)
public final class AdamW {
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
    public var updateCount: Int
    private let store: ParameterStore
    private let segments: [Segment]

    /// A stretch of parameters that is contiguous in all slabs and decays alike.
    private struct Segment {
        var value: Int
        var gradient: Int
        var count: Int
        var decays: Bool
    }

    /// An optimizer with zero moments for the parameters that are trainable now.
    public init(_ store: ParameterStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
        firstMoments = Slab(count: store.trainableCount)
        secondMoments = Slab(count: store.trainableCount)
        updateCount = 0
        segments = store.parameters.reduce(into: []) { segments, parameter in
            guard let range = parameter.gradientRange else { return }
            if let last = segments.last, last.decays == parameter.decays,
                last.value + last.count == parameter.range.lowerBound, last.gradient + last.count == range.lowerBound
            {
                segments[segments.count - 1].count += range.count
            } else {
                segments.append(
                    Segment(
                        value: parameter.range.lowerBound, gradient: range.lowerBound, count: range.count,
                        decays: parameter.decays))
            }
        }
    }

    /// Updates every trainable parameter from its gradient.
    ///
    /// - Parameters:
    ///   - learningRate: of this step.
    ///   - gradientScale: factor on every gradient before use (clipping, averaging over micro-batches).
    ///   - pool: the threads to use.
    public func update(learningRate: Float, gradientScale: Float = 1, on pool: ThreadPool) {
        updateCount += 1
        let block = 1 << 16
        let tasks = segments.flatMap { segment in
            stride(from: 0, to: segment.count, by: block).map { start in
                Segment(
                    value: segment.value + start, gradient: segment.gradient + start,
                    count: min(block, segment.count - start), decays: segment.decays)
            }
        }
        let correction1 = 1 - pow(Double(configuration.beta1), Double(updateCount))
        let correction2 = 1 - pow(Double(configuration.beta2), Double(updateCount))
        let stepSize = Float(Double(learningRate) / correction1)
        let inverseRootCorrection = Float(1 / correction2.squareRoot())
        let (values, gradients) = (store.values.base, store.gradients.base)
        let (first, second) = (firstMoments.base, secondMoments.base)
        pool.run(tasks.count) { task, _ in
            let segment = tasks[task]
            ck_adamw(
                segment.count, values + segment.value, gradients + segment.gradient, first + segment.gradient,
                second + segment.gradient, gradientScale, configuration.beta1, configuration.beta2,
                configuration.epsilon, segment.decays ? 1 - learningRate * configuration.weightDecay : 1, stepSize,
                inverseRootCorrection)
        }
    }
}
