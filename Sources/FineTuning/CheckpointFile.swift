public import JSON

/// A file of a checkpoint.
public struct CheckpointFile: Sendable, Hashable, JSONRepresentable {
    /// Its name within the checkpoint's directory; of one in a folder, with the folder: `1_Pooling/config.json`.
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

    /// Reads `{"name", "bytes", "sha256"}`; a name that leads out of the directory is refused.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let name = try fields.required("name")
        self.name = try name.string()
        let parts = self.name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 3, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
            throw name.fault("not the name of a file below its directory")
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
