internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import Storage

/// Makes a model and result files of a run that ended well.
struct FinishedRun {
    let job: Job
    let result: RunResult
    /// Seconds since 1970.
    let time: Int
    let database: Database
    let organization: String

    /// The outcome, its files written.
    ///
    /// - Throws: `JobError` where the checkpoint was never published, or the disk is full.
    func outcome() async throws -> AttemptOutcome {
        guard let step = Int(result.checkpoint.drop { !$0.isNumber }),
            let checkpoint = try await database.checkpoints.checkpoint(jobID: job.id, step: step)
        else {
            throw JobError(
                .internalError, "the worker names the checkpoint \(result.checkpoint), which it did not publish")
        }
        let model = FineTunedModel(
            name: job.modelName(organization: organization), jobID: job.id, parent: job.recipe.model, createdAt: time,
            directory: "runs/\(job.id)/\(checkpoint.directory)", task: job.recipe.task.type, labels: result.labels)
        let ledger = RunDirectory(path: database.directory.attemptPath(job.id, attempt: job.attempt)).ledgerPath
        let hasLedger = FileManager.default.fileExists(atPath: ledger)
        return .succeeded(
            AttemptOutcome.Success(
                model: model, resultFiles: try await files(model.name, step: step, ledger: hasLedger ? ledger : nil),
                trainedTokens: result.trainedTokens, peakMemoryBytes: result.peakMemoryBytes,
                hasLedger: hasLedger))
    }

    private func files(_ model: String, step: Int, ledger: String?) async throws -> [StoredFile] {
        let results = ResultFiles(
            job: job, points: try await database.metrics.points(jobID: job.id),
            evaluations: try await database.metrics.evaluations(jobID: job.id))
        var contents = [("step_metrics.csv", results.metricsCSV)]
        if !results.evaluations.isEmpty {
            contents.append(("evaluation.json", results.evaluationJSON(model: model, step: step)))
        }
        var written: [StoredFile] = []
        do {
            for (name, content) in contents {
                written.append(try database.files.write(content, filename: name, createdAt: time))
            }
            if let ledger {
                written.append(
                    try database.files.take(copyOf: ledger, filename: "ledger.jsonl", createdAt: time))
            }
        } catch {
            for file in written { try database.files.discard(file) }
            guard (error as? SystemCallError)?.isDiskFull ?? false else { throw error }
            throw JobError(.diskFull, "the result files cannot be written: the disk is full")
        }
        return written
    }
}
