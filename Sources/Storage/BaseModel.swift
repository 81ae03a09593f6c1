/// A pretrained model: a Hugging Face directory below `models/`.
public struct BaseModel: Sendable, Hashable {
    /// Its path below `models/`: `all-MiniLM-L6-v2` or `sentence-transformers/all-MiniLM-L6-v2`.
    public let name: String
    /// Absolute path of its directory.
    public let directory: String
    /// When it was put there; seconds since 1970.
    public let createdAt: Int
}
