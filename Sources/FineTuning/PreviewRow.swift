public import JSON

/// One of the first rows of a data file, as it was understood.
public struct PreviewRow: Sendable, Hashable, JSONRepresentable {
    /// The line on which the row begins, from 1.
    public var line: Int
    /// The text.
    public var text: String
    /// The second text of a pair.
    public var textPair: String?
    /// The label.
    public var label: String?

    /// A row.
    public init(line: Int, text: String, textPair: String? = nil, label: String? = nil) {
        self.line = line
        self.text = text
        self.textPair = textPair
        self.label = label
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        line = try fields.required("line").integer(in: 1...Int.max)
        text = try fields.required("text").string()
        textPair = try fields.optional("text_pair")?.string()
        label = try fields.optional("label")?.string()
        try fields.finish()
    }

    /// The row as JSON.
    public var json: JSONValue {
        [
            "line": JSONValue(line), "text": .string(text), "text_pair": JSONValue(textPair) { .string($0) },
            "label": JSONValue(label) { .string($0) },
        ]
    }
}
