public import FineTuning

/// Why the store does not do what it was asked for.
public enum StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of things that have an identifier.
    public enum Kind: String, Sendable {
        /// A fine-tuning job.
        case job
        /// A file.
        case file
        /// An event of a job.
        case event
        /// A checkpoint of a job.
        case checkpoint
        /// A fine-tuned model.
        case model
        /// A token of the API.
        case token
        /// An entry of the audit log.
        case auditEntry = "audit entry"
    }

    /// Nothing has this identifier.
    case notFound(Kind, id: String)
    /// A file cannot be deleted while an unfinished job uses it.
    case fileInUse(id: String, jobID: String)
    /// A fine-tuned model cannot be deleted while an unfinished job goes on from it.
    case modelInUse(name: String, jobID: String)
    /// Several valid tokens have this name.
    case ambiguousToken(name: String, ids: [String])
    /// A job cannot do this in the state it is in.
    case notPossible(action: String, jobID: String, state: JobState)
    /// A job cannot be resumed while its worker still does what pauses it.
    case stillPausing(jobID: String)
    /// An idempotency key was used before with another request.
    case idempotencyMismatch(key: String)
    /// Who asks has used up what he may.
    case quotaExceeded(Quota.Excess)
    /// Another process has the data directory.
    case locked(path: String)
    /// The data directory cannot be used.
    case unusableDirectory(path: String, reason: String)
    /// The database file is damaged.
    case damaged(path: String, faults: [String])

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .notFound(let kind, let id): "there is no \(kind.rawValue) \"\(id.prefix(80))\""
        case .fileInUse(let id, let jobID): "the file \(id) is used by the job \(jobID); wait until that is over"
        case .modelInUse(let name, let jobID): "the model \(name) is used by the job \(jobID); wait until that is over"
        case .ambiguousToken(let name, let ids):
            "\(ids.count) tokens are called \"\(name)\"; name one by its identifier: \(ids.joined(separator: ", "))"
        case .notPossible(let action, let jobID, let state):
            "the job \(jobID) cannot be \(action): it is \(state.rawValue)"
        case .stillPausing(let jobID): "the job \(jobID) is still pausing; resume it when it is paused"
        case .idempotencyMismatch(let key):
            "the idempotency key \"\(key.prefix(80))\" was used before with another request; choose a new one"
        case .quotaExceeded(let excess): excess.description
        case .locked(let path): "the data directory \(path) is in use by another process; stop that first"
        case .unusableDirectory(let path, let reason): "the directory \(path) cannot be used: \(reason)"
        case .damaged(let path, let faults):
            "the database \(path) is damaged (\(faults.prefix(3).joined(separator: "; "))); restore a backup"
        }
    }
}
