public import FineTuning
public import Tensors

extension OptimizerSettings {
    /// The optimizer for the parameters of a store that are trainable now, at rest.
    ///
    /// - Parameter weightDecay: of matrices; decoupled but for SGD, where it is an L2 penalty as in PyTorch.
    public func optimizer(for store: ParameterStore, weightDecay: Double) -> any Optimizer {
        let decay = Float(weightDecay)
        return switch type {
        case .adamw:
            AdamW(
                store,
                configuration: AdamW.Configuration(
                    beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon), weightDecay: decay))
        case .sgd:
            SGD(
                store,
                configuration: SGD.Configuration(
                    momentum: Float(momentum), nesterov: nesterov, weightDecay: decay))
        case .adafactor: Adafactor(store, configuration: Adafactor.Configuration(weightDecay: decay))
        case .lion:
            Lion(
                store,
                configuration: Lion.Configuration(beta1: Float(beta1), beta2: Float(beta2), weightDecay: decay))
        }
    }
}
