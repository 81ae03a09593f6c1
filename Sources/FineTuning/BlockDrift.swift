public import JSON

/// How far a block's weights have moved from the pretrained ones.
public struct BlockDrift: Sendable, Hashable, JSONRepresentable {
    /// The block: `embeddings`, `encoder.layer.0`, …
    public var block: String
    /// ‖ΔW‖ / ‖W‖ over all weights of the block.
    public var ratio: Double

    /// A block's drift.
    public init(block: String, ratio: Double) {
        self.block = block
        self.ratio = ratio
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        block = try fields.required("block").string()
        ratio = try fields.required("ratio").number()
        try fields.finish()
    }

    /// The drift as JSON.
    public var json: JSONValue { ["block": .string(block), "ratio": JSONValue(ratio)] }
}
