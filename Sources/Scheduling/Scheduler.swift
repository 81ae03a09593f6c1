public import FineTuning
public import Storage

/// Runs jobs: checks their files, starts workers, takes in what these report, and carries out what users ask for.
public actor Scheduler {
    /// How many jobs may run at once.
    public nonisolated let slots: Int
    private let database: Database
    private let launcher: any Launcher
    private let answerer: Answerer
    private let configuration: SchedulerConfiguration

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

    /// Begins: workers that still run from before are followed again, jobs whose workers are gone are rescued, and
    /// what waits is started.
    ///
    /// - Throws: `SQLiteError` where the database cannot be read.
    public func start() async throws {}

    /// Ends; returns when nothing of the scheduler runs any more. Workers train on: the next start follows them again.
    public func stop() async {}

    /// Looks for work now: a job was created or changed.
    public func wake() {}

    /// Cancels a job: at once where no worker has it, else by a word to its worker.
    ///
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it is already over, `StorageError.notFound`.
    public func cancel(_ id: String) async throws -> Job {
        try await database.jobs.requestCancel(id)
    }

    /// Pauses a job: at once where it waits, else by a word to its worker, which stops with a checkpoint.
    ///
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it neither waits nor runs, `StorageError.notFound`.
    public func pause(_ id: String) async throws -> Job {
        try await database.jobs.requestPause(id)
    }

    /// Puts a paused job back in the queue.
    ///
    /// - Returns: the job as it is after that.
    /// - Throws: `StorageError.notPossible` where it is not paused, `StorageError.notFound`.
    public func resume(_ id: String) async throws -> Job {
        try await database.jobs.resume(id)
    }
}
