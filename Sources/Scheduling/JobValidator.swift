internal import FineTuning
internal import POSIX
internal import RunDirectory
internal import Storage

/// Checks a new job's files and its need of memory, and moves it to the queue or fails it.
struct JobValidator {
    let database: Database
    let answerer: Answerer
    let memory: MemoryGauge

    /// How many times a check is begun whose worker dies.
    private static let attempts = 3
    /// The most labels that a recipe can hold.
    private static let labelLimit = 10_000

    /// Checks a job and stores what came of it. A stop in the middle changes nothing: the job is checked again.
    ///
    /// - Throws: what stands in the way of the check or of its storing and may pass; `CancellationError`.
    func validate(_ job: Job) async throws {
        do {
            let run = try await runRecipe(job)
            let report = try await report(run)
            let estimate = try await estimate(run)
            let need = try memoryNeed(run, estimate)
            try Task.checkCancellation()
            let warnings = report.findings.filter { $0.severity == .warning }.map { "\($0)" }
            let rest = report.unlisted > 0 ? ["\(report.unlisted) further findings are not listed"] : []
            try await database.jobs.finishValidation(
                job.id, recipe: Self.resolved(job.recipe, report), warnings: warnings + rest,
                estimate: estimate, memoryBytes: need)
        } catch {
            try Task.checkCancellation()
            if error is SystemCallError || DatabaseTrouble(error) != nil { throw error }
            if let error = error as? JobError, error.code == .busy { throw error }
            let failure =
                error as? JobError ?? JobError(.internalError, "the files of the job cannot be checked: \(error)")
            try await database.jobs.failValidation(job.id, error: database.withoutPlaces(failure))
        }
    }

    private func runRecipe(_ job: Job) async throws -> RunRecipe {
        do {
            return RunRecipe(
                jobID: job.id, attempt: 1, recipe: job.recipe,
                modelDirectory: try await database.models.directory(job.recipe.model),
                trainingFile: try await database.dataFile(job.trainingFile),
                validationFile: try await database.dataFile(job.validationFile),
                checkpointsDirectory: database.directory.checkpointsPath(job.id))
        } catch StorageError.notFound(let kind, let id) {
            let param = kind == .model ? "model" : id == job.trainingFile ? "training_file" : "validation_file"
            let code: JobError.Code = kind == .model ? .invalidModel : .invalidTrainingFile
            throw JobError(code, "the \(kind.rawValue) \"\(id)\" is no longer there", param: param)
        }
    }

    /// The report on the files, which have no errors.
    private func report(_ run: RunRecipe) async throws -> DataReport {
        let report = try await repeated {
            try await answerer.check(
                training: run.trainingFile, validation: run.validationFile, task: run.recipe.task,
                data: run.recipe.data, modelDirectory: run.modelDirectory)
        }
        if let summary = report.faults {
            throw JobError(
                .invalidTrainingFile, "The job failed due to an invalid training file: \(summary)",
                param: "training_file")
        }
        return report
    }

    /// What the run is predicted to take; nil where no prediction could be made and none is needed.
    ///
    /// - Throws: `JobError` where the recipe does not fit the model or the files, or the machine's memory may be too
    ///   little and no one can tell.
    private func estimate(_ run: RunRecipe) async throws -> Estimate? {
        do {
            return try await repeated { try await answerer.estimate(run).estimate }
        } catch let error as JobError where error.code.isRetryable && error.code != .busy {
            if let total = memory.total(), try memory.mayBeMuch(run, of: total) { throw error }
            return nil
        }
    }

    /// Bytes that must be free for the worker; nil where it needs few.
    ///
    /// - Throws: `JobError` where the machine has not as many.
    private func memoryNeed(_ run: RunRecipe, _ estimate: Estimate?) throws -> Int? {
        guard let need = estimate?.peakMemoryBytes, let total = memory.total(), try memory.mayBeMuch(run, of: total)
        else { return nil }
        guard need <= total else {
            throw JobError(
                .outOfMemory,
                "the job needs \(need >> 20) MiB of memory, and the machine has \(total >> 20) MiB; make batch_size or "
                    + "max_length smaller, or train fewer layers")
        }
        return need
    }

    private func repeated<Answer: Sendable>(_ ask: () async throws -> Answer) async throws -> Answer {
        for _ in 1..<Self.attempts {
            try Task.checkCancellation()
            do { return try await ask() } catch let error as JobError where error.code == .workerDied { continue }
        }
        return try await ask()
    }

    /// The recipe with what the files told.
    private static func resolved(_ recipe: Recipe, _ report: DataReport) -> Recipe {
        var recipe = recipe
        let labels = report.labels.map(\.label)
        let least = recipe.task.multiLabel ? 1 : 2
        if recipe.task.type.hasLabels, recipe.task.labels == nil, (least...labelLimit).contains(labels.count) {
            recipe.task.labels = labels
        }
        return recipe
    }
}
