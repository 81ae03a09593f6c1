internal import Datasets
public import FineTuning
internal import Foundation
internal import JSON
internal import POSIX
public import RunDirectory
internal import Safetensors
internal import Tensors

/// A worker's life: a run directory in, journal and checkpoints out.
public struct TrainingRun {
    /// Why a run could not even begin; nothing is in its journal.
    public enum Refusal: Error, Sendable, CustomStringConvertible {
        /// Another worker trains this job.
        case locked(holder: Int32?)
        /// The run directory cannot be read, or the journal not be made.
        case unusable(String)

        /// What is wrong and what to do.
        public var description: String {
            switch self {
            case .locked(let holder):
                "another worker\(holder.map { " (process \($0))" } ?? "") trains this job; wait for it, or stop it"
            case .unusable(let reason): reason
            }
        }
    }

    private let directory: RunDirectory
    private let run: RunRecipe
    private let store: CheckpointStore
    private let journal: RunJournal
    private let stop: StopWatch
    private let watch: (JournalEntry.Content) -> Void
    /// Held for as long as the run lives.
    private let lock: WorkerLock

    /// Reads the recipe, takes the lock and begins the journal.
    ///
    /// - Parameters:
    ///   - stop: asked at every step.
    ///   - watch: called with every entry of the journal, and with warnings about the data.
    /// - Throws: ``Refusal``
    public init(
        _ directory: RunDirectory, stop: StopWatch, watch: @escaping (JournalEntry.Content) -> Void
    ) throws(Refusal) {
        self.directory = directory
        do {
            run = try directory.recipe()
            let path = directory.checkpointsPath(run)
            store = try CheckpointStore(path: path)
            guard let lock = try WorkerLock.tryAcquire(checkpointsDirectory: path, processIdentifier: getpid()) else {
                throw Refusal.locked(holder: try WorkerLock.holder(checkpointsDirectory: path))
            }
            self.lock = lock
            journal = try RunJournal(directory, watch: watch)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .unusable(Self.describe(error))
        }
        self.stop = stop
        self.watch = watch
    }

    private static func describe(_ error: any Error) -> String {
        if let error = error as? SystemCallError, error.code == EEXIST {
            return "\(error.path ?? "the journal") is there already: a run directory serves one attempt; "
                + "make a new one beside it that names the same checkpoints directory"
        }
        return "\(error)"
    }

    /// Trains to the end or to a stop; how it ended is in the journal.
    ///
    /// - Throws: `JobError`, which is in the journal too.
    public func train() throws(JobError) -> TrainingEnding {
        do {
            let ending = try trainJournalled()
            switch ending {
            case .finished(let result): try journal.appendDurably(.finished(result))
            case .stopped(let reason, let step): try journal.appendDurably(.stopped(reason, step: step))
            }
            return ending
        } catch {
            let failure = JobError(cause: error)
            do {
                try journal.appendDurably(.failed(failure))
            } catch let second {
                throw JobError(failure.code, "\(failure.message) (and the journal cannot be written: \(second))")
            }
            throw failure
        }
    }

    private func trainJournalled() throws -> TrainingEnding {
        try store.removeLeftovers()
        let search = try store.search(fingerprint: RunFingerprint.make(run))
        let pool = ThreadPool(threadCount: run.recipe.resources.threads ?? 1)
        let setup = TaskSetup(
            run: run, checkpoint: search.newest.map { store.path($0.name) }, pool: pool,
            examplesDirectory: directory.path)
        return try train(setup.task(), search)
    }

    private func train(_ task: some TrainingTask, _ search: CheckpointStore.Search) throws -> TrainingEnding {
        let trainer = try Trainer(
            run, task: task, state: search.newest?.state, checkpoint: search.newest.map { store.path($0.name) })
        try announce(trainer, search)
        var loop = TrainingLoop(
            trainer: trainer, recipe: run.recipe, writer: CheckpointWriter(store: store), journal: journal,
            resumedFrom: search.newest?.state.step, damaged: search.damaged.map(\.name), foreign: search.foreign,
            ledgerPath: directory.ledgerPath, stopRequested: stop.reason)
        return try loop.run()
    }

    /// Tells the journal what training begins with, and removes checkpoints that are of no use.
    private func announce(_ trainer: Trainer<some TrainingTask>, _ search: CheckpointStore.Search) throws {
        let task = trainer.task
        try journal.append(
            .started(
                RunStart(
                    labels: task.labels, totalSteps: trainer.plan.totalSteps,
                    resumedFromStep: search.newest?.state.step, trainingRows: task.trainingCount,
                    validationRows: task.validationCount, parameters: task.store.count,
                    trainableParameters: task.store.trainableCount, blocks: BlockParameters.counts(of: task.store))))
        for (name, fault) in search.damaged {
            try journal.append(.log(.warn, "checkpoint \(name) is damaged (\(fault)); the one before it is used"))
            try store.remove(name)
        }
        if let found = search.newest {
            try journal.append(.log(.info, "goes on from checkpoint \(found.name)"))
            // The attempt before may have died between the checkpoint's rename and its entry, or before it had removed
            // those that the entry names as removed; twice does no harm.
            let files = CheckpointFiles.published(found.checksums.files)
            let isBest = found.state.best.map { $0.step == found.state.step } ?? true
            let superfluous = CheckpointStore.superfluous(
                try store.names().filter { !search.foreign.contains($0) },
                keep: run.recipe.strategy.keepCheckpoints, best: found.state.best?.step)
            try journal.appendDurably(
                .checkpoint(
                    PublishedCheckpoint(
                        step: found.state.step, name: found.name, files: files, isBest: isBest,
                        removed: superfluous)))
            for name in superfluous { try store.remove(name) }
        }
        for remark in task.remarks { try journal.append(.log(remark.level, remark.text)) }
        if let name = search.foreign.first {
            try journal.append(
                .log(.warn, "\(name) in \(store.path) belongs to another recipe or other data and is left alone"))
        }
        // Not for the journal: a daemon has told them when it checked the files, and would again at each attempt.
        for finding in task.dataReport.findings.prefix(20) {
            watch(.log(.warn, "\(run.trainingFile.name): \(finding)"))
        }
        try journal.flush()
    }
}
