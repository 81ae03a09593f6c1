public import JSON

/// One of the first rows of a data file, as it was understood.
public struct PreviewRow: Sendable, Hashable, JSONRepresentable {
    /// The line on which the row begins, from 1.
    public var line: Int
    /// The text; the anchor of a pair for embeddings; the words of a tagged sentence, separated by spaces.
    public var text: String
    /// The second text of a pair; the positive of an anchor.
    public var textPair: String?
    /// The text that is unlike the anchor.
    public var negative: String?
    /// The label.
    public var label: String?
    /// The labels of a text that may have several.
    public var labels: [String]?
    /// The number of a text.
    public var score: Double?
    /// The words' tags.
    public var tags: [String]?

    /// A row.
    public init(
        line: Int, text: String, textPair: String? = nil, negative: String? = nil, label: String? = nil,
        labels: [String]? = nil, score: Double? = nil, tags: [String]? = nil
    ) {
        self.line = line
        self.text = text
        self.textPair = textPair
        self.negative = negative
        self.label = label
        self.labels = labels
        self.score = score
        self.tags = tags
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        line = try fields.required("line").integer(in: 1...Int.max)
        text = try fields.required("text").string()
        textPair = try fields.optional("text_pair")?.string()
        negative = try fields.optional("negative")?.string()
        label = try fields.optional("label")?.string()
        labels = try fields.optional("labels")?.strings()
        score = try fields.optional("score")?.number()
        tags = try fields.optional("tags")?.strings()
        try fields.finish()
    }

    /// The row as JSON; members of other tasks are left out.
    public var json: JSONValue {
        let text = { (value: String) in JSONValue.string(value) }
        var object: JSONObject = [
            "line": JSONValue(line), "text": .string(self.text), "text_pair": JSONValue(textPair, text),
            "label": JSONValue(label, text),
        ]
        if let negative { object["negative"] = .string(negative) }
        if let labels { object["labels"] = .array(labels.map(text)) }
        if let score { object["score"] = JSONValue(score) }
        if let tags { object["tags"] = .array(tags.map(text)) }
        return .object(object)
    }
}
