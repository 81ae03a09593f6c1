public import FineTuning
public import Tensors

/// When each block of the trunk begins to train: gradual unfreezing, from the head downwards (Howard and Ruder 2018).
///
/// At first only the head trains (and adapters of no depth); every N epochs the next block below joins it: the topmost
/// layer with the pooler, and so on to the embeddings. What layers.train leaves frozen stays so.
///
/// Gradients and optimizer state of all that is ever to train are laid out at the start, so that nothing moves when a
/// block joins: its state is zero until then, and its bias corrections count from then. What rests is pruned from the
/// tape, and so costs neither time nor memory for activations.
public struct UnfreezingPlan: Sendable, Hashable {
    /// Epochs a block.
    public let everyEpochs: Int
    /// Depths of the trunk's blocks that train at some time, topmost first.
    private let depths: [Int]

    /// The plan for the trainable parameters of a model.
    public init(_ unfreezing: GradualUnfreezing, parameters: [Parameter]) {
        everyEpochs = unfreezing.everyEpochs
        depths = Set(parameters.filter { $0.isTrainable && $0.role != .head }.map(\.depth)).sorted(by: >)
    }

    /// How many blocks of the trunk train in an epoch, from 0.
    public func blockCount(epoch: Int) -> Int { min(depths.count, epoch / everyEpochs) }

    /// Whether a parameter rests in an epoch.
    public func rests(_ parameter: Parameter, epoch: Int) -> Bool {
        guard parameter.role != .head else { return false }
        return !depths.prefix(blockCount(epoch: epoch)).contains(parameter.depth)
    }
}
