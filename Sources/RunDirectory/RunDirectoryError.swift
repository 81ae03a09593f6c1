/// A file of a run directory that cannot be used.
public struct RunDirectoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// An error about a file.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// The file and what is wrong with it.
    public var description: String { "\(path): \(reason)" }
}
