public import JSON

/// A data file as the worker finds it: where it lies, and the name it was uploaded with, which tells its format.
public struct DataFile: Sendable, Hashable, JSONRepresentable {
    /// Absolute path.
    public var path: String
    /// The name that it was uploaded with.
    public var name: String

    /// A file.
    public init(path: String, name: String) {
        self.path = path
        self.name = name
    }

    /// Reads `{"path", "name"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        path = try fields.required("path").string()
        name = try fields.required("name").string()
        try fields.finish()
    }

    /// The file as JSON.
    public var json: JSONValue { ["path": .string(path), "name": .string(name)] }
}
