public import FineTuning
internal import JSON
internal import RunDirectory
internal import SQLite

/// What becomes of a job when an attempt ends.
extension JobStore {
    /// How many faults of the machine, with no new checkpoint between them, end a job.
    static let faultLimit = 3
    /// How many times a job may run out of memory before it fails.
    static let memoryFaultLimit = 2

    /// Takes an attempt's end in: in one transaction the state, its event, and with success the model and its files.
    ///
    /// What the user asked for decides first: a job that he cancelled becomes cancelled, however the attempt ended.
    /// - Returns: the job as it is after that; nil where the job does not run in this attempt any more.
    public func settle(_ id: String, attempt: Int, outcome: AttemptOutcome) async throws -> Job? {
        try await database.write { transaction in
            let job = try transaction.job(id)
            guard job.state == .running, job.attempt == attempt else { return nil }
            var transition = try Self.transition(job, outcome, transaction)
            if case .succeeded(let success) = outcome, transition.to == .succeeded {
                let model = success.model
                let creator = try transaction.creator(of: id)
                for file in success.resultFiles {
                    try FileStore.insert(file, creator: creator, transaction.connection)
                }
                try ModelStore.insert(model, transaction.connection)
                transition.data = [("fine_tuned_model", .string(model.name))]
                try transaction.append(
                    .message, job: id, message: "New fine-tuned model created: \(model.name)",
                    data: ["fine_tuned_model": .string(model.name)])
            }
            try transaction.apply(transition, to: id)
            return try transaction.job(id)
        }
    }

    private static func transition(
        _ job: Job, _ outcome: AttemptOutcome, _ transaction: WriteTransaction
    ) throws -> JobTransition {
        let to = { (state: JobState, message: String) in
            JobTransition(from: .running, to: state, attempt: job.attempt, message: message)
        }
        if job.intent == .cancel { return to(.cancelled, "Fine-tuning job cancelled") }
        switch outcome {
        case .succeeded(let success):
            var transition = to(.succeeded, "The job has successfully completed")
            transition.assignments = [
                ("fine_tuned_model = ?", success.model.name), ("trained_tokens = ?", success.trainedTokens),
                ("result_files_json = ?", JSONValue.array(success.resultFiles.map { .string($0.id) }).text),
                ("peak_memory_bytes = ?", success.peakMemoryBytes), ("has_ledger = ?", success.hasLedger ? 1 : 0),
            ]
            return transition
        case .stopped(let reason, let step):
            if job.intent == .pause || reason == .pause { return to(.paused, "Paused at step \(step)") }
            if reason == .cancel { return to(.cancelled, "Fine-tuning job cancelled") }
            return to(.queued, "Stopped at step \(step), waiting to go on")
        case .failed(let error) where error.code == .diskFull:
            return failing(to(.paused, "Paused: \(error.message)"), error, .warn)
        case .failed(let error) where !error.code.isRetryable:
            return failing(to(.failed, error.message), error, .error)
        case .failed(let error), .died(let error):
            if job.intent == .pause { return failing(to(.paused, "Paused: \(error.message)"), error, .warn) }
            return try fault(job, error, transaction)
        }
    }

    private static func failing(_ transition: JobTransition, _ error: JobError, _ level: Event.Level) -> JobTransition {
        var transition = transition
        transition.error = error
        transition.level = level
        return transition
    }

    /// A fault of the machine: back to the queue, unless it came too often.
    private static func fault(
        _ job: Job, _ error: JobError, _ transaction: WriteTransaction
    ) throws -> JobTransition {
        let connection = transaction.connection
        let newest =
            try connection.value(
                "SELECT MAX(step) FROM checkpoints WHERE job_id = ?", job.id, as: Int?.self) ?? nil
        let before = try connection.first(
            "SELECT stalled_faults, memory_faults, fault_step FROM jobs WHERE id = ?", job.id
        ) { row in (stalled: try row[0] as Int, memory: try row[1] as Int, step: try row[2] as Int) }
        guard let before else { throw StorageError.notFound(.job, id: job.id) }
        let step = newest ?? 0
        let stalled = step > before.step ? 1 : before.stalled + 1
        let memory = before.memory + (error.code == .outOfMemory ? 1 : 0)
        let counts: [(sql: String, value: any SQLConvertible)] = [
            ("faults = ?", job.faults + 1), ("stalled_faults = ?", stalled), ("memory_faults = ?", memory),
            ("fault_step = ?", step),
        ]
        let isOver = stalled >= faultLimit || memory >= memoryFaultLimit
        let way = newest.map { "goes on from the checkpoint of step \($0)" } ?? "begins anew"
        var transition = JobTransition(
            from: .running, to: isOver ? .failed : .queued, attempt: job.attempt,
            message: isOver ? error.message : "\(error.message); the job \(way)", level: isOver ? .error : .warn)
        transition.assignments = counts
        if isOver { transition.error = error }
        return transition
    }
}
