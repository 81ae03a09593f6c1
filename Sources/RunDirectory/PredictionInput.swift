internal import FineTuning
public import JSON

/// A text, a pair of texts, or a text given as its words, to be answered.
public struct PredictionInput: Sendable, Hashable, JSONRepresentable {
    /// The text; the words separated by spaces, where words were given.
    public var text: String
    /// The second text of a pair.
    public var textPair: String?
    /// The words; an answer then has a tag for each.
    public var words: [String]?

    /// An input.
    public init(text: String, textPair: String? = nil) {
        self.text = text
        self.textPair = textPair
    }

    /// A text given as its words.
    public init(words: [String]) {
        text = words.joined(separator: " ")
        self.words = words
    }

    /// Reads a string, `{"text", "text_pair"}` or `{"tokens": […]}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        if let text = cursor.value.string {
            self.init(text: text)
            return
        }
        guard cursor.value.object != nil else {
            throw cursor.fault(
                "expected a string, {\"text\", \"text_pair\"} or {\"tokens\": [words]}, got \(cursor.value.kind)",
                kind: .type)
        }
        var fields = try cursor.fields()
        if let tokens = fields.optional("tokens") {
            let words = try tokens.strings()
            guard !words.isEmpty else { throw tokens.fault("expected at least one word") }
            self.init(words: words)
        } else {
            self.init(text: try fields.required("text").string(), textPair: try fields.optional("text_pair")?.string())
        }
        try fields.finish()
    }

    /// The input as JSON.
    public var json: JSONValue {
        if let words { return ["tokens": .array(words.map { .string($0) })] }
        return textPair.map { ["text": .string(text), "text_pair": .string($0)] } ?? .string(text)
    }
}
