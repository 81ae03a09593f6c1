/// A data file: where it lies, and the name that tells its format.
public struct DataSource: Sendable, Hashable {
    /// The path to open.
    public var path: String
    /// The name that it was uploaded with.
    public var name: String

    /// A data file.
    ///
    /// - Parameter name: nil takes the path's last part.
    public init(path: String, name: String? = nil) {
        self.path = path
        self.name = name ?? String(path.split(separator: "/").last ?? "")
    }
}
