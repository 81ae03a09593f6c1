public import JSON

/// The names under which a data file holds its columns.
public struct FieldNames: Sendable, Hashable, JSONRepresentable {
    /// The text.
    public var text = "text"
    /// The second text of a pair; nil takes `text_pair` where the file has it.
    public var textPair: String?
    /// The label.
    public var label = "label"
    /// The labels of a text that may have several.
    public var labels = "labels"
    /// The number that a text or a pair of texts has.
    public var score = "score"
    /// The words of a sentence.
    public var tokens = "tokens"
    /// The words' tags.
    public var tags = "tags"
    /// The text whose neighbours are looked for.
    public var anchor = "anchor"
    /// A text that means the same as the anchor.
    public var positive = "positive"
    /// A text that does not; taken where the file has it.
    public var negative = "negative"

    /// The default names.
    public init() {}

    /// Reads an object of names.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        textPair = try fields.optional("text_pair").map(Self.name)
        for (name, path) in Self.paths {
            if let cursor = fields.optional(name) { self[keyPath: path] = try Self.name(cursor) }
        }
        try fields.finish()
    }

    private static func name(_ cursor: JSONCursor) throws(JSONFault) -> String {
        let name = try cursor.string()
        guard !name.isEmpty, name.utf8.count <= 256 else { throw cursor.fault("expected 1 to 256 bytes") }
        return name
    }

    static var paths: [(name: String, path: WritableKeyPath<FieldNames, String>)] {
        [
            ("text", \.text), ("label", \.label), ("labels", \.labels), ("score", \.score), ("tokens", \.tokens),
            ("tags", \.tags), ("anchor", \.anchor), ("positive", \.positive), ("negative", \.negative),
        ]
    }

    /// The names as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["text": .string(text), "text_pair": JSONValue(textPair) { .string($0) }]
        for (name, path) in Self.paths { object[name] = .string(self[keyPath: path]) }
        return .object(object)
    }
}
