import FineTuning
import HTTP

/// The form of `POST /v1/files`: `purpose`, `expires_after[anchor]`, `expires_after[seconds]` and the file itself.
struct UploadForm {
    /// The plain fields.
    enum Field: String, CaseIterable {
        case purpose
        case anchor = "expires_after[anchor]"
        case seconds = "expires_after[seconds]"
    }

    /// What the client calls the file.
    var filename: String?
    private var values: [Field: String] = [:]

    /// Takes a plain field.
    ///
    /// - Throws: 400 where nobody knows it, or it comes twice.
    mutating func add(_ name: String, _ value: String) throws {
        guard let field = Field(rawValue: name) else {
            let known = Field.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw APIError.invalid(
                String(name.prefix(60)), code: "unknown_field",
                "unknown form field \"\(name.prefix(60))\"; known are \(known) and \"file\"")
        }
        guard values.updateValue(value, forKey: field) == nil else {
            throw APIError.invalid(name, "the form field \"\(name)\" stands twice")
        }
    }

    /// What the file is for.
    func purpose() throws -> StoredFile.Purpose {
        guard let text = values[.purpose] else {
            throw APIError.invalid(
                "purpose", code: "missing_field", "the form has no field \"purpose\", such as \"fine-tune\"")
        }
        guard let purpose = StoredFile.Purpose(rawValue: text) else {
            let known = StoredFile.Purpose.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw APIError.invalid("purpose", "\"\(text.prefix(60))\" is not known: expected one of \(known)")
        }
        return purpose
    }

    /// When the file is deleted; nil keeps it.
    func expiry(createdAt: Int) throws -> Int? {
        if let anchor = values[.anchor], anchor != "created_at" {
            throw APIError.invalid(Field.anchor.rawValue, "expected \"created_at\", got \"\(anchor.prefix(60))\"")
        }
        guard let text = values[.seconds] else {
            if values[.anchor] == nil { return nil }
            throw APIError.invalid(Field.seconds.rawValue, code: "missing_field", "the number of seconds is missing")
        }
        guard let seconds = Int(text), (3600...2_592_000).contains(seconds) else {
            throw APIError.invalid(
                Field.seconds.rawValue, "expected 3600 to 2592000 seconds, got \"\(text.prefix(60))\"")
        }
        return createdAt + seconds
    }

    /// The file's name as text to be shown: never empty, without control characters, at most 255 characters.
    var displayName: String {
        let scalars = (filename ?? "").unicodeScalars.filter { $0.properties.generalCategory != .control }
        let name = String(String.UnicodeScalarView(scalars)).prefix(255)
        return name.isEmpty ? "upload" : String(name)
    }
}
