internal import FineTuning
internal import Storage

/// Brings the end of an attempt into the database.
struct AttemptSettlement {
    let job: Job
    let database: Database
    let persevere: Perseverance

    /// Settles the job; result files that it was not settled with are removed.
    ///
    /// - Throws: where not even the failure can be stored; `CancellationError`.
    func settle(_ outcome: AttemptOutcome) async throws {
        do {
            _ = try await store(outcome)
            try await discardUnusedFiles(outcome)
        } catch let error as CancellationError {
            throw error
        } catch {
            try await discardUnusedFiles(outcome)
            guard case .succeeded = outcome else { throw error }
            _ = try await store(.failed(JobError(.internalError, "the model cannot be stored: \(error)")))
        }
    }

    private func store(_ outcome: AttemptOutcome) async throws -> Job? {
        let outcome = withoutPlaces(outcome)
        return try await persevere {
            try await database.jobs.settle(job.id, attempt: job.attempt, outcome: outcome)
        }
    }

    private func withoutPlaces(_ outcome: AttemptOutcome) -> AttemptOutcome {
        switch outcome {
        case .failed(let error): .failed(database.withoutPlaces(error))
        case .died(let error): .died(database.withoutPlaces(error))
        case .succeeded, .stopped: outcome
        }
    }

    /// Removes result files that are not the job's: the user cancelled it first, or it could not be stored.
    private func discardUnusedFiles(_ outcome: AttemptOutcome) async throws {
        guard case .succeeded(let success) = outcome else { return }
        let used = try await persevere { try await database.jobs.job(job.id).resultFiles }
        for file in success.resultFiles where !used.contains(file.id) { try database.files.discard(file) }
    }
}

extension Database {
    /// The error, which clients read, without a word of where the data directory lies.
    func withoutPlaces(_ error: JobError) -> JobError {
        error.relative(to: [directory.path, directory.modelsPath])
    }
}
