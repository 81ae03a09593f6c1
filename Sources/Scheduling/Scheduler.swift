public import FineTuning
public import Storage

/// Runs jobs: checks their files, starts workers, takes in what these report, and carries out what users ask for.
///
/// It keeps nothing that is not in the database and in run directories: a new one goes on where the last one ended.
/// While no job runs it sleeps, and is woken by ``wake()``.
public actor Scheduler {
    /// How many jobs may run at once.
    public nonisolated let slots: Int
    let database: Database
    let launcher: any Launcher
    let answerer: Answerer
    let configuration: SchedulerConfiguration
    let memory = MemoryGauge()

    var phase = Phase.idle
    /// The attempts that are supervised; one whose job is settled stays until its worker has ended.
    var attempts: [AttemptKey: SupervisedAttempt] = [:]
    /// The job that waits for memory and was told so.
    var jobWithoutMemory: String?
    /// The jobs that wait until another of their creator's has ended, and were told so.
    var heldBackJobs: Set<String> = []
    /// Whether something has changed since the queue was last looked at.
    var isLookDue = false
    /// Whether something has changed since new jobs were last looked for.
    var isCheckDue = false
    var looking: Task<Void, Never>?
    var validating: Task<Void, Never>?
    /// The job whose files are being checked.
    var checkedJob: String?
    /// What last failed and was reported, until the queue is served again.
    var reportedTrouble: String?
    var retrying: Task<Void, Never>?
    var expiring: Task<Void, Never>?
    /// Finished jobs of which nothing is left that could be removed.
    var prunedRuns: Set<String> = []

    /// Where a scheduler's life is.
    enum Phase {
        case idle, starting, running, stopped
    }

    /// A scheduler; nothing runs before `start()`.
    ///
    /// - Parameters:
    ///   - slots: how many jobs may run at once.
    ///   - launcher: starts the workers.
    ///   - answerer: checks the jobs' files.
    public init(
        database: Database, slots: Int, launcher: any Launcher, answerer: Answerer,
        configuration: SchedulerConfiguration = SchedulerConfiguration()
    ) {
        self.database = database
        self.slots = slots
        self.launcher = launcher
        self.answerer = answerer
        self.configuration = configuration
    }

    deinit {
        for task in [looking, validating, retrying, expiring] { task?.cancel() }
        for attempt in attempts.values { attempt.task.cancel() }
    }

    /// Begins: workers that still run from before are followed again, jobs whose workers are gone are rescued, and
    /// what waits is started. Once only.
    ///
    /// - Throws: `SQLiteError` where the database does not tell what ran before.
    public func start() async throws {
        guard phase == .idle else { return }
        phase = .starting
        do {
            let jobs = try await Rescuer(database: database).run()
            guard phase == .starting else { return }
            for job in jobs { supervise(job, .attach) }
        } catch {
            if phase == .starting { phase = .idle }
            throw error
        }
        phase = .running
        expiring = Task { [weak self, interval = configuration.expiryInterval] in
            while !Task.isCancelled {
                await self?.deleteExpiredFiles()
                await self?.pruneRuns()
                await self?.trimAuditLog()
                try? await Task.sleep(for: interval)
            }
        }
        wake()
    }

    /// Ends; returns when nothing of the scheduler runs any more. Workers train on: the next start follows them again.
    public func stop() async {
        phase = .stopped
        let tasks = [looking, validating, retrying, expiring].compactMap { $0 } + attempts.values.map(\.task)
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    /// Looks for work now: a job was created or changed.
    public func wake() {
        guard phase == .running else { return }
        (isLookDue, isCheckDue) = (true, true)
        if looking == nil { looking = Task { [weak self] in await self?.look() } }
        if validating == nil { validating = Task { [weak self] in await self?.validate() } }
    }

    /// Cancels a job: at once where no worker has it, else by a word to its worker.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it is already over, `StorageError.notFound`.
    public func cancel(_ id: String, by principal: Principal? = nil) async throws -> Job {
        let job = try await database.jobs.requestCancel(id, by: principal)
        if checkedJob == id { validating?.cancel() }
        await passOn(job)
        return job
    }

    /// Pauses a job: at once where it waits, else by a word to its worker, which stops with a checkpoint.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it neither waits nor runs, `StorageError.notFound`.
    public func pause(_ id: String, by principal: Principal? = nil) async throws -> Job {
        let job = try await database.jobs.requestPause(id, by: principal)
        await passOn(job)
        return job
    }

    /// Puts a paused job back in the queue.
    ///
    /// - Parameter principal: who asks for it, for the audit log.
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it is not paused, `StorageError.notFound`.
    public func resume(_ id: String, by principal: Principal? = nil) async throws -> Job {
        let job = try await database.jobs.resume(id, by: principal)
        wake()
        return job
    }

    /// Tells a running job's supervisor what the user asked for. One that is only being started reads it itself.
    private func passOn(_ job: Job) async {
        if job.sweep != nil { return await passOnToTrials(job) }
        if let intent = job.intent { await attempts[AttemptKey(job)]?.supervisor.ask(intent) }
        wake()
    }

    /// Tells the supervisors of a sweep's trials. Where the trials cannot be read now, the supervisors find the word
    /// in the database at their next start; until then the trials run on.
    private func passOnToTrials(_ parent: Job) async {
        do {
            for trial in try await database.jobs.runningTrials(parent.id) {
                if let intent = trial.intent { await attempts[AttemptKey(trial)]?.supervisor.ask(intent) }
            }
            if let checkedJob, try await database.jobs.job(checkedJob).state.isTerminal { validating?.cancel() }
        } catch {
            configuration.report(
                SchedulerNotice(.error, jobID: parent.id, "its trials cannot be told what was asked: \(error)"))
        }
        wake()
    }
}
