/// A data file that cannot be read at all. Whatever is wrong inside of a file is a `Finding` instead.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A call to the system failed; `operation` names it.
    case system(operation: String, path: String, errno: Int32, message: String)
    /// There is no memory for what `operation` names.
    case outOfMemory(operation: String)

    /// What is wrong, and where.
    public var description: String {
        switch self {
        case .system(let operation, let path, _, let message): "Cannot \(operation) \(path): \(message)."
        case .outOfMemory(let operation): "There is no memory to \(operation)."
        }
    }
}
