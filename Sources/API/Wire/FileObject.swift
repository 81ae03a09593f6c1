import FineTuning
import JSON

/// The File object of the OpenAI API.
struct FileObject {
    let file: StoredFile

    var json: JSONValue {
        [
            "id": .string(file.id), "object": "file", "bytes": JSONValue(file.bytes),
            "created_at": JSONValue(file.createdAt), "filename": .string(file.filename),
            "purpose": .string(file.purpose.rawValue), "status": "processed", "status_details": nil,
            "expires_at": JSONValue(file.expiresAt) { JSONValue($0) }, "sha256": .string(file.sha256),
        ]
    }
}
