public import JSON

/// How many parameters a block of the model has, and how many of them train.
public struct BlockParameters: Sendable, Hashable, JSONRepresentable {
    /// The block: `embeddings`, `encoder.layer.0`, `classifier` …
    public var block: String
    /// Its parameters, those of adapters included.
    public var parameters: Int
    /// Those of them that train.
    public var trainable: Int

    /// A block's counts.
    public init(block: String, parameters: Int, trainable: Int) {
        self.block = block
        self.parameters = parameters
        self.trainable = trainable
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        block = try fields.required("block").string()
        parameters = try fields.required("parameters").integer(in: 0...Int.max)
        trainable = try fields.required("trainable").integer(in: 0...Int.max)
        try fields.finish()
    }

    /// The counts as JSON.
    public var json: JSONValue {
        ["block": .string(block), "parameters": JSONValue(parameters), "trainable": JSONValue(trainable)]
    }
}
