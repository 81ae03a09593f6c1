public import FineTuning

/// Something about the running of jobs that an operator should know; a line of the daemon's log.
public struct SchedulerNotice: Sendable, Hashable, CustomStringConvertible {
    /// How serious it is.
    public var level: Event.Level
    /// The job it is about.
    public var jobID: String?
    /// What happened.
    public var message: String

    /// A notice.
    public init(_ level: Event.Level, jobID: String? = nil, _ message: String) {
        self.level = level
        self.jobID = jobID
        self.message = message
    }

    /// The job and what happened.
    public var description: String { jobID.map { "\($0): \(message)" } ?? message }
}
