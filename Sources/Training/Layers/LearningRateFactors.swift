public import FineTuning
public import Tensors

/// How fast each parameter moves, as a share of the step's learning rate: layer-wise decay, the head's own rate, and
/// gradual unfreezing.
///
/// With layer decay d a block that lies n blocks below the head moves at dⁿ times the rate: the topmost layer at d, the
/// embeddings at d^(layers + 1) (Howard and Ruder 2018; as in the fine-tuning of ELECTRA and BEiT). The head itself is
/// not decayed; a head rate takes the place of the peak rate there and follows the same schedule.
public struct LearningRateFactors: Sendable, Hashable {
    private let layerDecay: Double
    private let headFactor: Double
    private let headDepth: Int
    private let unfreezing: UnfreezingPlan?

    /// The factors of a recipe for a model whose trainable parameters are set.
    public init(recipe: Recipe, parameters: [Parameter]) {
        layerDecay = recipe.strategy.layerDecay
        let peak = recipe.strategy.learningRate ?? recipe.defaultLearningRate
        headFactor = recipe.strategy.headLearningRate.map { $0 / peak } ?? 1
        headDepth = (parameters.filter { $0.role != .head }.map(\.depth).max() ?? 0) + 1
        unfreezing = recipe.layers.gradualUnfreezing.map { UnfreezingPlan($0, parameters: parameters) }
    }

    /// What changes the factors in the course of training: two epochs of the same stage have the same factors.
    public func stage(epoch: Int) -> Int { unfreezing?.blockCount(epoch: epoch) ?? 0 }

    /// The factor of a parameter in an epoch; 0 where it rests.
    public func factor(_ parameter: Parameter, epoch: Int) -> Float {
        if let unfreezing, unfreezing.rests(parameter, epoch: epoch) { return 0 }
        guard parameter.role != .head else { return Float(headFactor) }
        return (0..<max(0, headDepth - parameter.depth)).reduce(Float(1)) { factor, _ in factor * Float(layerDecay) }
    }
}
