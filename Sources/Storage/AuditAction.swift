/// What the audit log tells of.
public enum AuditAction: String, Sendable, Hashable, CaseIterable {
    /// A file was uploaded.
    case fileCreate = "file.create"
    /// A file's content was asked for.
    case fileDownload = "file.download"
    /// A file was deleted.
    case fileDelete = "file.delete"
    /// A job was created.
    case jobCreate = "job.create"
    /// A job was to be cancelled.
    case jobCancel = "job.cancel"
    /// A job was to be paused.
    case jobPause = "job.pause"
    /// A job was to go on.
    case jobResume = "job.resume"
    /// A checkpoint, or a file of it, was asked for.
    case checkpointDownload = "checkpoint.download"
    /// A fine-tuned model was deleted.
    case modelDelete = "model.delete"
    /// A token was made.
    case tokenCreate = "token.create"
    /// A token was revoked.
    case tokenRevoke = "token.revoke"

    /// Whether it changes nothing, so that no transaction has its entry.
    public var isDownload: Bool { self == .fileDownload || self == .checkpointDownload }
}
