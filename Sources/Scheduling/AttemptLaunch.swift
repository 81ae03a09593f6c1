internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import Storage

/// Starts the worker of an attempt that was claimed.
struct AttemptLaunch {
    let job: Job
    let database: Database
    let launcher: any Launcher
    let configuration: SchedulerConfiguration

    /// How often a launch is tried again where the machine is short of something.
    private static let retries = 12
    /// A worker is granted so many times the memory that was foretold of it, and so many bytes more: its limit counts
    /// what it has reserved, the forecast what it holds.
    private static let memoryFactor = 3
    private static let sparedMemory = 1 << 30

    /// Writes the recipe and launches the worker.
    ///
    /// - Returns: the process, where it is a child of this one.
    /// - Throws: `JobError` where it cannot be started; `CancellationError`.
    func run() async throws -> ChildProcess? {
        var tries = 0
        while true {
            do {
                return try await launch()
            } catch let error as CancellationError {
                throw error
            } catch let error as SystemCallError where error.isShortage && !error.isDiskFull && tries < Self.retries {
                tries += 1
                try await Task.sleep(for: configuration.retryDelay)
            } catch {
                throw Self.jobError(error)
            }
        }
    }

    private func launch() async throws -> ChildProcess? {
        try await awaitFreeLock()
        let recipe = try await Perseverance(configuration, jobID: job.id)(runRecipe)
        try database.directory.createAttempt(job.id, attempt: job.attempt)
        let directory = RunDirectory(path: database.directory.attemptPath(job.id, attempt: job.attempt))
        try directory.write(recipe)
        return try await launcher.launch(directory)
    }

    /// Waits until no worker of an earlier attempt holds the job's lock; one that takes too long is killed.
    private func awaitFreeLock() async throws {
        let checkpoints = database.directory.checkpointsPath(job.id)
        let deadline = SuspendingClock.now + configuration.exitGrace
        while try WorkerLock.isHeld(checkpointsDirectory: checkpoints) {
            if .now >= deadline { try WorkerLock.signalHolder(.kill, checkpointsDirectory: checkpoints) }
            try await Task.sleep(for: configuration.pollInterval)
        }
    }

    private func runRecipe() async throws -> RunRecipe {
        RunRecipe(
            jobID: job.id, attempt: job.attempt, recipe: job.recipe,
            modelDirectory: try await database.models.directory(job.recipe.model),
            trainingFile: try await database.dataFile(job.trainingFile),
            validationFile: try await database.dataFile(job.validationFile),
            checkpointsDirectory: database.directory.checkpointsPath(job.id), memoryBytes: grantedMemory())
    }

    /// What the worker may have: well above what was foretold, as a limit for one that has run away, not for one that
    /// was foretold badly; nil where nothing was foretold.
    private func grantedMemory() -> Int? {
        job.quote.predicted.map { Self.sparedMemory + Self.memoryFactor * $0.peakMemoryBytes }
    }

    private static func jobError(_ error: any Error) -> JobError {
        switch error {
        case let error as JobError: return error
        case StorageError.notFound(.model, let id):
            return JobError(
                .invalidModel, "the model \"\(id)\" is no longer there; start a job from another one", param: "model")
        case let error as StorageError: return JobError(.internalError, error.description)
        case let error as SystemCallError where error.isDiskFull: return JobError(.diskFull, "\(error)")
        case let error as CocoaError where error.code == .fileWriteOutOfSpace:
            return JobError(.diskFull, "the run directory cannot be made: the disk is full")
        default:
            if DatabaseTrouble(error) == .diskFull { return JobError(.diskFull, "the disk is full: \(error)") }
            return JobError(.workerDied, "the worker cannot be started: \(error)")
        }
    }
}

extension Database {
    /// A stored file as a worker finds it.
    func dataFile(_ id: String) async throws -> DataFile {
        DataFile(path: files.path(id), name: try await files.file(id).filename)
    }

    /// A stored file as a worker finds it; nil for none.
    func dataFile(_ id: String?) async throws -> DataFile? {
        if let id { try await dataFile(id) as DataFile } else { nil }
    }
}
