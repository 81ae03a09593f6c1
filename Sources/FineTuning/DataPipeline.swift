public import JSON

/// How the files become training examples.
public struct DataPipeline: Sendable, Hashable, JSONRepresentable {
    /// The columns' names.
    public var fields = FieldNames()
    /// Longer texts are cut to this many tokens, special tokens included.
    public var maxLength = 128
    /// The share of the training file held back for validation where no validation file is given.
    public var validationSplit = 0.1
    /// Whether the examples are shuffled anew for each epoch.
    public var shuffle = true

    /// The defaults.
    public init() {}

    /// Reads `{"fields", "max_length", "validation_split", "shuffle"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        if let names = fields.optional("fields") { self.fields = try FieldNames(names) }
        maxLength = try fields.optional("max_length")?.integer(in: 8...8192) ?? maxLength
        validationSplit = try fields.optional("validation_split")?.number(in: 0...0.9) ?? validationSplit
        shuffle = try fields.optional("shuffle")?.bool() ?? shuffle
        try fields.finish()
    }

    /// The pipeline as JSON.
    public var json: JSONValue {
        [
            "fields": fields.json, "max_length": JSONValue(maxLength), "validation_split": .number(validationSplit),
            "shuffle": .bool(shuffle),
        ]
    }
}
