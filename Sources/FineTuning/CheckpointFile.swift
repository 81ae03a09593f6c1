public import JSON

/// A file of a checkpoint.
public struct CheckpointFile: Sendable, Hashable, JSONRepresentable {
    /// Its name within the checkpoint's directory.
    public var name: String
    /// Its size in bytes.
    public var bytes: Int
    /// The SHA-256 of its content, in lower-case hexadecimal.
    public var sha256: String

    /// A file.
    public init(name: String, bytes: Int, sha256: String) {
        self.name = name
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// Reads `{"name", "bytes", "sha256"}`; a name with a path in it is refused.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let name = try fields.required("name")
        self.name = try name.string()
        guard !self.name.isEmpty, !self.name.contains("/"), !self.name.hasPrefix(".") else {
            throw name.fault("not a plain file name")
        }
        bytes = try fields.required("bytes").integer(in: 0...Int.max)
        sha256 = try fields.required("sha256").string()
        try fields.finish()
    }

    /// The file as JSON.
    public var json: JSONValue {
        ["name": .string(name), "bytes": JSONValue(bytes), "sha256": .string(sha256)]
    }
}
