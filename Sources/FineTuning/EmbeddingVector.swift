public import JSON

/// The vector of a text.
public struct EmbeddingVector: Sendable, Hashable, JSONRepresentable {
    /// The components: `(hidden)`.
    public var components: [Float]
    /// Tokens that were read, special tokens included.
    public var tokens: Int

    /// A vector.
    public init(components: [Float], tokens: Int) {
        self.components = components
        self.tokens = tokens
    }

    /// Reads `{"embedding", "tokens"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        components = try fields.required("embedding").floats()
        tokens = try fields.required("tokens").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The vector as JSON.
    public var json: JSONValue {
        ["embedding": .array(components.map { JSONValue($0) }), "tokens": JSONValue(tokens)]
    }
}
