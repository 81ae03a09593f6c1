public import JSON

/// What vectors of texts are trained for.
public struct EmbeddingObjective: Sendable, Hashable, JSONRepresentable {
    /// The losses that there are.
    public enum Loss: String, Sendable, Hashable, CaseIterable {
        /// The anchor's positive against all other positives (and hard negatives) of the batch (Henderson et al. 2017).
        case inBatchNegatives = "in_batch_negatives"
        /// The positive must be nearer than the negative, by a margin.
        case triplet
        /// The cosine of two texts is their score.
        case cosine
    }

    /// Which loss.
    public var loss: Loss = .inBatchNegatives
    /// What the cosines of in-batch negatives are divided by.
    public var temperature = 0.05
    /// How much nearer a triplet's positive must be.
    public var margin = 0.5
    /// Whether the vectors are scaled to length 1.
    public var normalize = true

    /// The defaults.
    public init() {}

    /// Reads `{"loss", "temperature", "margin", "normalize"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        loss = try fields.optional("loss")?.choice() ?? loss
        let temperature = fields.optional("temperature")
        let margin = fields.optional("margin")
        self.temperature = try temperature?.number(in: 1e-4...100) ?? self.temperature
        self.margin = try margin?.number(in: 0...100) ?? self.margin
        normalize = try fields.optional("normalize")?.bool() ?? normalize
        try fields.finish()
        if let temperature, loss != .inBatchNegatives {
            throw temperature.fault("only the loss \"in_batch_negatives\" has a temperature; leave it out")
        }
        if let margin, loss != .triplet {
            throw margin.fault("only the loss \"triplet\" has a margin; leave it out")
        }
    }

    /// The objective as JSON; what its loss has no use for is null.
    public var json: JSONValue {
        [
            "loss": .string(loss.rawValue),
            "temperature": loss == .inBatchNegatives ? .number(temperature) : nil,
            "margin": loss == .triplet ? .number(margin) : nil, "normalize": .bool(normalize),
        ]
    }
}
