public import JSON

/// The names under which a training file holds its columns.
public struct FieldNames: Sendable, Hashable, JSONRepresentable {
    /// The text.
    public var text = "text"
    /// The second text of a pair; nil takes `text_pair` where the file has it.
    public var textPair: String?
    /// The label.
    public var label = "label"

    /// The default names.
    public init() {}

    /// Reads `{"text", "text_pair", "label"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        text = try fields.optional("text")?.string() ?? text
        textPair = try fields.optional("text_pair")?.string()
        label = try fields.optional("label")?.string() ?? label
        try fields.finish()
    }

    /// The names as JSON.
    public var json: JSONValue {
        ["text": .string(text), "text_pair": JSONValue(textPair) { .string($0) }, "label": .string(label)]
    }
}
