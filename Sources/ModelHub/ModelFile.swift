internal import JSON

/// A file of a model, as the source describes it.
struct ModelFile: Sendable, Hashable {
    /// Its path in the repository.
    let path: String
    /// Its length in bytes.
    let bytes: Int
    /// The SHA-256 of its content in hexadecimal, where the hub tells it: for files in large file storage.
    let sha256: String?
    /// What names this content: the SHA-256, or the identity that Git gives it.
    let contentID: String

    /// An entry of the hub's `tree` answer; nil for directories.
    init?(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        guard try fields.required("type").string() == "file" else { return nil }
        path = try fields.required("path").string()
        let git = try fields.required("oid").string()
        if let large = fields.optional("lfs") {
            var largeFields = try large.fields()
            let digest = try largeFields.required("oid").string()
            guard digest.utf8.count == 64, Self.isHexadecimal(digest) else { throw large.fault("oid is no SHA-256") }
            sha256 = digest.lowercased()
            bytes = try largeFields.required("size").integer(in: 0...(1 << 48))
            contentID = digest.lowercased()
        } else {
            guard Self.isHexadecimal(git) else { throw cursor.fault("oid is no identity of Git") }
            sha256 = nil
            bytes = try fields.required("size").integer(in: 0...(1 << 48))
            contentID = git
        }
    }

    /// A file of a directory on this machine.
    init(path: String, bytes: Int) {
        self.path = path
        self.bytes = bytes
        sha256 = nil
        contentID = ""
    }

    private static func isHexadecimal(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
    }
}
