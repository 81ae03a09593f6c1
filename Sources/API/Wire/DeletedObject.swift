import JSON

/// What a DELETE answers.
struct DeletedObject {
    let id: String
    /// `file` or `model`.
    let object: String

    var json: JSONValue { ["id": .string(id), "object": .string(object), "deleted": true] }
}
