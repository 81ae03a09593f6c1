/// How far a model's transfer is.
public struct PullProgress: Sendable, Hashable {
    /// The file that is on its way.
    public let file: String
    /// Bytes of all files that have arrived, those of an earlier attempt included.
    public let arrivedBytes: Int
    /// Bytes of all files.
    public let totalBytes: Int
}
