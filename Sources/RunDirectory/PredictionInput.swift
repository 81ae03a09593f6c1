public import JSON

/// A text, or a pair of texts, to classify.
public struct PredictionInput: Sendable, Hashable, JSONRepresentable {
    /// The text.
    public var text: String
    /// The second text of a pair.
    public var textPair: String?

    /// An input.
    public init(text: String, textPair: String? = nil) {
        self.text = text
        self.textPair = textPair
    }

    /// Reads a string, or `{"text", "text_pair"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        if let text = cursor.value.string {
            self.text = text
            return
        }
        guard cursor.value.object != nil else {
            throw cursor.fault("expected a string or {\"text\", \"text_pair\"}, got \(cursor.value.kind)", kind: .type)
        }
        var fields = try cursor.fields()
        text = try fields.required("text").string()
        textPair = try fields.optional("text_pair")?.string()
        try fields.finish()
    }

    /// The input as JSON.
    public var json: JSONValue {
        textPair.map { ["text": .string(text), "text_pair": .string($0)] } ?? .string(text)
    }
}
