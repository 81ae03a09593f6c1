/// Why a worker is asked to stop; the content of the `stop` file.
public enum StopReason: String, Sendable, Hashable, CaseIterable {
    /// The user wants to go on later.
    case pause
    /// The user wants no more of it.
    case cancel
    /// The daemon's machine goes down; the job is queued again.
    case shutdown
}
