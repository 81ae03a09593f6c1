import JSON

/// The body of `POST /v1/embeddings`, as in the OpenAI API.
struct EmbeddingsRequest {
    /// How vectors are written.
    enum Format: String, CaseIterable {
        /// As arrays of numbers.
        case float
        /// As the bytes of little-endian 32-bit floats.
        case base64
    }

    let model: String
    let texts: [String]
    let format: Format

    /// Texts that one request may hold (the limit of the OpenAI API).
    private static let mostTexts = 2048

    /// Reads a body.
    init(_ body: JSONValue) throws(JSONFault) {
        var fields = try JSONCursor(body).fields()
        model = try fields.required("model").string()
        texts = try Self.texts(fields.required("input"))
        format = try fields.optional("encoding_format")?.choice() ?? .float
        if let dimensions = fields.optional("dimensions") {
            throw dimensions.fault("vectors have the dimensions of their model; leave it out")
        }
        _ = try fields.optional("user")?.string()
        try fields.finish()
    }

    private static func texts(_ cursor: JSONCursor) throws(JSONFault) -> [String] {
        if cursor.value.string != nil { return [try text(cursor)] }
        guard let array = cursor.value.array else {
            throw cursor.fault("expected a string or an array of strings, got \(cursor.value.kind)", kind: .type)
        }
        guard (1...mostTexts).contains(array.count) else {
            throw cursor.fault("expected 1 to \(mostTexts) texts, got \(array.count)")
        }
        if array[0].number != nil || array[0].array != nil {
            throw cursor.fault("numbers of tokens are those of one model's tokenizer; send texts", kind: .type)
        }
        var texts: [String] = []
        for element in try cursor.elements() { texts.append(try text(element)) }
        return texts
    }

    private static func text(_ cursor: JSONCursor) throws(JSONFault) -> String {
        let text = try cursor.string()
        guard !text.isEmpty else { throw cursor.fault("a text must not be empty") }
        return text
    }
}
