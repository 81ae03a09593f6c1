public import FineTuning
internal import JSON
internal import POSIX
public import RunDirectory

/// Trains to the end, until it is asked to stop, or until nothing improves any more: steps, evaluations, checkpoints,
/// and a journal entry for each.
public struct TrainingLoop<Task: TrainingTask> {
    /// The trainer.
    public let trainer: Trainer<Task>
    private let recipe: Recipe
    private let writer: CheckpointWriter
    private let journal: RunJournal
    private let ledgerPath: String
    private let stopRequested: () throws -> StopReason?
    private var evaluation: Evaluation?
    private var lastSaved: Int?
    /// Damaged checkpoints that were removed and not yet told of.
    private var removed: [String]
    /// Checkpoints of other runs in the same directory; not to be touched.
    private let foreign: Set<String>

    /// A loop over a trainer that stands at the start or at a checkpoint.
    ///
    /// - Parameters:
    ///   - resumedFrom: the step of the checkpoint that it stands at.
    ///   - damaged: names of checkpoints that were removed because they were damaged.
    ///   - foreign: names of checkpoints of other runs.
    ///   - ledgerPath: where the losses of the training examples go when all is done.
    ///   - stopRequested: asked before every step.
    public init(
        trainer: Trainer<Task>, recipe: Recipe, writer: CheckpointWriter, journal: RunJournal, resumedFrom: Int?,
        damaged: [String] = [],
        foreign: [String] = [], ledgerPath: String, stopRequested: @escaping () throws -> StopReason?
    ) {
        self.trainer = trainer
        self.recipe = recipe
        self.writer = writer
        self.journal = journal
        self.ledgerPath = ledgerPath
        self.stopRequested = stopRequested
        lastSaved = resumedFrom
        removed = damaged
        self.foreign = Set(foreign)
    }

    /// Runs.
    ///
    /// - Throws: `JobError`; the last checkpoint stays.
    public mutating func run() throws -> TrainingEnding {
        while !trainer.isDone {
            if let reason = try stopRequested() {
                if trainer.state.step > 0 { try saveIfNeeded() }
                return .stopped(reason, step: trainer.state.step)
            }
            try journal.append(.metrics(trainer.step()))
            try evaluateAndSave()
        }
        try saveIfNeeded()
        let task = trainer.task
        try LedgerFile.write(
            trainer.ledger, hasProbabilities: task.lossesAreLogProbabilities, to: ledgerPath, describe: task.describe)
        return .finished(result())
    }

    private mutating func evaluateAndSave() throws {
        let (plan, step) = (trainer.plan, trainer.state.step)
        var isBest = false
        if plan.evaluates(after: step) {
            try journal.flush()
            let result = try trainer.evaluate()
            evaluation = result.evaluation
            isBest = result.isBest
            try journal.append(.evaluation(result.evaluation))
        }
        // The best model must be on the disk when it is found, be a checkpoint due or not.
        if plan.saves(after: step) || (isBest && recipe.strategy.keep == .best) { try saveIfNeeded() }
    }

    /// Writes a checkpoint of this step unless there is one.
    private mutating func saveIfNeeded() throws {
        let step = trainer.state.step
        guard lastSaved != step else { return }
        // A run that goes on from the checkpoint does not repeat its steps: their entries must be there before it.
        try journal.synchronize()
        let readme = CheckpointReadme(
            recipe: recipe, card: trainer.task.card, state: trainer.state, evaluation: currentEvaluation
        ).text
        let (name, checksums) = try writer.write(trainer, readme: readme)
        lastSaved = step
        let superfluous = CheckpointStore.superfluous(
            try writer.store.names().filter { $0 == name || !foreign.contains($0) },
            keep: recipe.strategy.keepCheckpoints, best: trainer.state.best?.step)
        try journal.appendDurably(
            .checkpoint(
                PublishedCheckpoint(
                    step: step, name: name,
                    files: CheckpointFiles.published(checksums.files),
                    isBest: trainer.state.best.map { $0.step == step } ?? true,
                    removed: removed.filter { $0 != name } + superfluous)))
        removed = []
        for name in superfluous { try writer.store.remove(name) }
    }

    private var currentEvaluation: Evaluation? { evaluation?.step == trainer.state.step ? evaluation : nil }

    private func result() -> RunResult {
        let state = trainer.state
        let chosen = recipe.strategy.keep == .best ? state.best?.step ?? state.step : state.step
        return RunResult(
            step: state.step, stoppedEarly: state.stoppedEarly, trainedTokens: state.tokens,
            checkpoint: PublishedCheckpoint.name(step: chosen), labels: state.labels,
            peakMemoryBytes: PeakMemory.bytes())
    }
}
