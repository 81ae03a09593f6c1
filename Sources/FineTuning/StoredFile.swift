/// An uploaded file, or one that a job put out.
public struct StoredFile: Sendable, Hashable {
    /// What a file is for (the purposes of the OpenAI API).
    public enum Purpose: String, Sendable, Hashable, CaseIterable {
        /// Training or validation data.
        case fineTune = "fine-tune"
        /// What a job put out.
        case fineTuneResults = "fine-tune-results"
        /// Images.
        case vision
        /// Anything of the user's.
        case userData = "user_data"
        /// Kept for clients that send it.
        case assistants
        /// Kept for clients that send it.
        case batch
        /// Evaluation data.
        case evals
    }

    /// `file-…`; also its name on disk below `files/`.
    public var id: String
    /// Size in bytes.
    public var bytes: Int
    /// Seconds since 1970.
    public var createdAt: Int
    /// When it is deleted; seconds since 1970.
    public var expiresAt: Int?
    /// The name it came with; text only, never a path.
    public var filename: String
    /// What it is for.
    public var purpose: Purpose
    /// The SHA-256 of its content, in lower-case hexadecimal.
    public var sha256: String

    /// A file.
    public init(
        id: String = Identifier.make(prefix: "file-"), bytes: Int, createdAt: Int, expiresAt: Int? = nil,
        filename: String, purpose: Purpose, sha256: String
    ) {
        self.id = id
        self.bytes = bytes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.filename = filename
        self.purpose = purpose
        self.sha256 = sha256
    }
}
