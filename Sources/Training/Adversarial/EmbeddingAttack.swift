public import FineTuning
internal import Models
public import Tensors

/// Changes of the word embeddings that raise a batch's loss the most within a ball: what adversarial training learns to
/// withstand, and what its evaluation tries.
///
/// Norms are L2 norms over all embeddings of a sequence. A pass that only looks for the change takes no gradients of
/// parameters: all of them rest while it is done.
///
/// - FGM (Miyato, Dai and Goodfellow 2017): the loss and that at one step of length ε along its gradient, added.
/// - PGD (Madry et al. 2018): the loss and that at the end of several projected steps, added; with one step of size ε it is FGM.
/// - FreeLB (Zhu et al. 2020): begins at random within the ball; the mean of the gradients at every point of the ascent,
///   the start included and the end not, so that K steps cost K passes.
///
/// Dropout is the same in all passes of a batch, as FreeLB asks for.
public struct EmbeddingAttack<Task: TrainingTask> {
    /// What is attacked.
    public let task: Task
    /// The kind of attack with its steps.
    public private(set) var settings: AdversarialTraining

    /// An attack on a task's model.
    public init(_ task: Task, _ settings: AdversarialTraining) {
        self.task = task
        self.settings = settings
    }

    /// Adds the gradients of adversarial training on a batch to the store's.
    ///
    /// - Parameters:
    ///   - dropout: the micro-batch's random streams; FreeLB's start is drawn from them too.
    ///   - share: factor on all gradients.
    /// - Returns: the loss of the unchanged batch; of FreeLB that of the first point, which lies beside it.
    /// - Throws: what a forward pass does.
    public func accumulate(_ batch: Task.Batch, dropout: DropoutState, share: Double) throws -> BatchLoss {
        let perturbation = task.perturbation(of: batch)
        var conditions = ForwardConditions.training(dropout)
        conditions.perturbation = perturbation
        guard settings.type == .freelb else {
            let clean = try descend(batch, conditions, share: share)
            guard clean.mean.isFinite else { return clean }
            try climb(batch, conditions, perturbation, from: 1)
            _ = try descend(batch, conditions, share: share)
            return clean
        }
        perturbation.randomize(radius: Float(settings.epsilon), offsets: batch.sequenceOffsets, dropout: dropout)
        let first = try descend(batch, conditions, share: share / Double(settings.steps))
        guard first.mean.isFinite else { return first }
        for _ in 1..<settings.steps {
            ascend(perturbation, batch)
            _ = try descend(batch, conditions, share: share / Double(settings.steps))
        }
        return first
    }

    /// The loss of a batch under an attack by projected gradient ascent from zero, without dropout; whatever the type.
    ///
    /// - Throws: what a forward pass does.
    public func attackedLoss(_ batch: Task.Batch) throws -> BatchLoss {
        let perturbation = task.perturbation(of: batch)
        var conditions = ForwardConditions.training(nil)
        conditions.perturbation = perturbation
        var attack = self
        attack.settings.type = .pgd
        try attack.climb(batch, conditions, perturbation, from: 0)
        conditions.isRecording = false
        return try task.loss(batch, conditions)
    }

    /// A pass whose gradients of the parameters count.
    private func descend(
        _ batch: Task.Batch, _ conditions: ForwardConditions, share: Double
    ) throws -> BatchLoss {
        let loss = try task.loss(batch, conditions)
        if loss.mean.isFinite { task.tape.backward(from: loss.value, seed: Float(share)) }
        return loss
    }

    /// Goes up to the last step.
    ///
    /// - Parameter done: 1 where the gradient at zero is known already, else 0.
    private func climb(
        _ batch: Task.Batch, _ conditions: ForwardConditions, _ perturbation: EmbeddingPerturbation, from done: Int
    ) throws {
        if done > 0 { ascend(perturbation, batch) }
        guard stepCount > done else { return }
        let factors = task.store.parameters.map(\.learningRateFactor)
        task.store.setLearningRateFactors { _ in 0 }
        defer { task.store.setLearningRateFactors { factors[$0.index] } }
        for _ in done..<stepCount {
            let loss = try task.loss(batch, conditions)
            task.tape.backward(from: loss.value)
            ascend(perturbation, batch)
        }
    }

    private var stepCount: Int { settings.type == .fgm ? 1 : settings.steps }

    private func ascend(_ perturbation: EmbeddingPerturbation, _ batch: Task.Batch) {
        perturbation.ascend(
            step: Float(settings.type == .fgm ? settings.epsilon : settings.stepSize),
            radius: Float(settings.epsilon), offsets: batch.sequenceOffsets)
    }
}
