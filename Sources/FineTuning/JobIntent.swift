/// What a user asked of a running job and its worker has not yet done; committed before any signal is sent.
public enum JobIntent: String, Sendable, Hashable, CaseIterable {
    /// End it for good.
    case cancel
    /// Stop with a checkpoint, to be resumed.
    case pause
}
