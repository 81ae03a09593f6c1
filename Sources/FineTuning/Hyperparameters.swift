public import JSON

/// The hyperparameters of the OpenAI fine-tuning API; `"auto"` takes the default.
public struct Hyperparameters: Sendable, Hashable, JSONRepresentable {
    /// Passes over the training examples.
    public var epochs = 3
    /// Examples an optimizer step.
    public var batchSize = 16
    /// Scales the default learning rate.
    public var learningRateMultiplier = 1.0

    /// The defaults.
    public init() {}

    /// Reads `{"n_epochs", "batch_size", "learning_rate_multiplier"}`, each a number or `"auto"`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        if let value = Self.chosen(fields.optional("n_epochs")) { epochs = try value.integer(in: 1...1000) }
        if let value = Self.chosen(fields.optional("batch_size")) { batchSize = try value.integer(in: 1...4096) }
        if let value = Self.chosen(fields.optional("learning_rate_multiplier")) {
            learningRateMultiplier = try value.number(in: 1e-6...1e6)
        }
        try fields.finish()
    }

    private static func chosen(_ cursor: JSONCursor?) -> JSONCursor? {
        cursor?.value == "auto" ? nil : cursor
    }

    /// The hyperparameters as JSON.
    public var json: JSONValue {
        [
            "n_epochs": JSONValue(epochs), "batch_size": JSONValue(batchSize),
            "learning_rate_multiplier": .number(learningRateMultiplier),
        ]
    }
}
