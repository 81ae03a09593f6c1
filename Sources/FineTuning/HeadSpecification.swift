public import JSON

/// The layers between the pretrained trunk and the task's output.
public struct HeadSpecification: Sendable, Hashable, JSONRepresentable {
    /// Widths of extra layers before the output.
    public var hiddenSizes: [Int] = []
    /// Dropout probability before the output; nil takes the model's own.
    public var dropout: Double?
    /// How a sequence becomes one vector.
    public var pooling: Pooling = .auto

    /// The model family's own head.
    public init() {}

    /// Reads `{"hidden_sizes", "dropout", "pooling"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        if let sizes = fields.optional("hidden_sizes") {
            let elements = try sizes.elements()
            guard elements.count <= 4 else { throw sizes.fault("at most 4 hidden layers") }
            for element in elements { hiddenSizes.append(try element.integer(in: 1...65536)) }
        }
        dropout = try fields.optional("dropout")?.number(in: 0...0.95)
        pooling = try fields.optional("pooling")?.choice() ?? pooling
        try fields.finish()
    }

    /// The specification as JSON.
    public var json: JSONValue {
        [
            "hidden_sizes": .array(hiddenSizes.map { JSONValue($0) }), "dropout": JSONValue(dropout) { JSONValue($0) },
            "pooling": .string(pooling.rawValue),
        ]
    }
}
