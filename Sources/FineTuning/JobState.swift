/// The states of a job. `running → queued` is the way of a rescued or drained job.
public enum JobState: String, Sendable, Hashable, CaseIterable {
    /// The files are being checked line by line.
    case validatingFiles = "validating_files"
    /// Waiting for a worker slot.
    case queued
    /// A worker trains.
    case running
    /// Stopped by a user (or by a full disk) with a checkpoint; goes on when resumed.
    case paused
    /// Finished with a verified model.
    case succeeded
    /// Ended by an error.
    case failed
    /// Ended by a user.
    case cancelled

    /// The states that may follow this one.
    public var successors: Set<JobState> {
        switch self {
        case .validatingFiles: [.queued, .failed, .cancelled]
        case .queued: [.running, .paused, .cancelled, .failed]
        case .running: [.queued, .paused, .succeeded, .failed, .cancelled]
        case .paused: [.queued, .cancelled]
        case .succeeded, .failed, .cancelled: []
        }
    }

    /// Whether a job in this state may go over to another.
    public func canTransition(to next: JobState) -> Bool { successors.contains(next) }

    /// Whether nothing follows.
    public var isTerminal: Bool { successors.isEmpty }
}
