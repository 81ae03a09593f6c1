public import FineTuning
internal import JSON
internal import SQLite

/// What users ask for.
extension JobStore {
    /// Cancels a job: at once where no worker has it, else as an intent that its worker is then told of.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: ``StorageError/notPossible(action:jobID:state:)`` where it is already over.
    public func requestCancel(_ id: String, by principal: Principal? = nil) async throws -> Job {
        try await request(
            .cancel, id, action: "cancelled", from: [.validatingFiles, .queued, .paused], .jobCancel, principal)
    }

    /// Pauses a job: at once where it waits, else as an intent that its worker is then told of.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: ``StorageError/notPossible(action:jobID:state:)`` where it neither waits nor runs.
    public func requestPause(_ id: String, by principal: Principal? = nil) async throws -> Job {
        try await request(.pause, id, action: "paused", from: [.queued], .jobPause, principal)
    }

    private func request(
        _ intent: JobIntent, _ id: String, action: String, from idle: Set<JobState>, _ audited: AuditAction,
        _ principal: Principal?
    ) async throws -> Job {
        try await database.write { transaction in
            let job = try transaction.job(id)
            if job.state == .running || idle.contains(job.state) {
                try Self.ask(intent, of: job, transaction)
            } else if !(intent == .pause && job.state == .paused) {
                throw StorageError.notPossible(action: action, jobID: id, state: job.state)
            }
            try transaction.audit(audited, id, by: principal)
            return try transaction.job(id)
        }
    }

    /// Leaves word for a running job's worker, or does at once what is asked of one that no worker has.
    static func ask(_ intent: JobIntent, of job: Job, _ transaction: WriteTransaction) throws {
        guard job.state == .running else {
            let target: JobState = intent == .cancel ? .cancelled : .paused
            try transaction.apply(
                JobTransition(
                    from: job.state, to: target, attempt: job.attempt, message: "Fine-tuning job \(target.rawValue)"),
                to: job.id)
            if job.sweep != nil, intent == .cancel { try pass(intent, to: job, transaction) }
            return
        }
        // To cancel weighs more than to pause and is not taken back.
        guard job.intent != intent, job.intent != .cancel else { return }
        try transaction.connection.run(
            "UPDATE jobs SET intent = ? WHERE id = ? AND state = 'running' AND attempt = ?", intent.rawValue, job.id,
            job.attempt)
        let message = intent == .cancel ? "Cancelling" : "Pausing with a checkpoint"
        try transaction.append(.message, job: job.id, message: message, data: ["intent": .string(intent.rawValue)])
        if job.sweep != nil { try pass(intent, to: job, transaction) }
    }

    /// Puts a paused job back in the queue.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: ``StorageError/notPossible(action:jobID:state:)`` where it is not paused;
    ///   ``StorageError/stillPausing(jobID:)`` where that is on its way.
    public func resume(_ id: String, by principal: Principal? = nil) async throws -> Job {
        try await database.write { transaction in
            let job = try transaction.job(id)
            if job.state == .running, job.intent == .pause { throw StorageError.stillPausing(jobID: id) }
            guard job.state == .paused else {
                throw StorageError.notPossible(action: "resumed", jobID: id, state: job.state)
            }
            try Self.resume(job, transaction)
            if job.sweep != nil { try Self.resumeTrials(of: job, transaction) }
            try transaction.audit(.jobResume, id, by: principal)
            return try transaction.job(id)
        }
    }

    /// Puts one paused job back in the queue.
    static func resume(_ job: Job, _ transaction: WriteTransaction) throws {
        // The user's word is a new start: faults from before do not count against it.
        try transaction.apply(
            JobTransition(
                from: .paused, to: .queued, attempt: job.attempt, message: "Fine-tuning job resumed",
                assignments: [("stalled_faults = ?", 0), ("memory_faults = ?", 0)]), to: job.id)
    }
}
