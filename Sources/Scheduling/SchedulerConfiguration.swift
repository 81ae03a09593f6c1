/// The scheduler's settings.
public struct SchedulerConfiguration: Sendable {
    /// Stands in the names of fine-tuned models: `ft:<base>:<organization>:…`.
    public var organization = "local"
    /// How often a running job's journal and worker are looked at; nothing is looked at while no job runs.
    public var pollInterval = Duration.milliseconds(25)
    /// How long a worker may take to stop when it was asked to, before it is killed.
    public var stopGrace = Duration.seconds(30)
    /// How long a worker whose run is over may take to end, before it is killed.
    public var exitGrace = Duration.seconds(5)
    /// How long a worker may be silent beyond what its step should take, before it is killed as hung.
    public var silenceLimit = Duration.seconds(30)
    /// How long to wait before trying again what a full disk, a busy database or a lack of memory prevented.
    public var retryDelay = Duration.seconds(5)
    /// How often files and entries of the audit log whose time is over are deleted, and what old runs left.
    public var expiryInterval = Duration.seconds(60)
    /// How many of the jobs that finished last keep all of their checkpoints; nil for all jobs.
    public var keptRuns: Int?
    /// How many days an entry of the audit log is kept.
    public var auditDays = 365
    /// Is told what an operator should know; called from any thread.
    public var report: @Sendable (SchedulerNotice) -> Void = { _ in }

    /// The defaults.
    public init() {}
}
