public import JSON

/// A random change of the training examples, another one in each epoch.
public struct Augmentation: Sendable, Hashable, JSONRepresentable {
    /// The changes there are.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Leaves words out (Wei and Zou 2019).
        case randomDeletion = "random_deletion"
        /// Exchanges words of a text (Wei and Zou 2019).
        case randomSwap = "random_swap"
        /// Repeats words of a text at other places.
        case randomInsertion = "random_insertion"
        /// Puts the mask in the place of tokens.
        case tokenMasking = "token_masking"
        /// Mixes the sentence vectors and the targets of two examples (Guo et al. 2019).
        case mixup
        /// Blanks a span of tokens (Shen et al. 2020).
        case cutoff
    }

    /// Which change.
    public var type: Kind
    /// The chance: of each word or token; of each example for mixup and cutoff.
    public var probability: Double
    /// Both parameters of the beta distribution that the weight of a mixture is drawn from; of mixup.
    public var alpha: Double
    /// The share of an example's tokens that are blanked; of cutoff.
    public var ratio: Double

    /// A change with its usual settings.
    public init(_ type: Kind, probability: Double? = nil, alpha: Double = 0.2, ratio: Double = 0.1) {
        self.type = type
        self.probability = probability ?? (type == .mixup || type == .cutoff ? 1 : 0.1)
        self.alpha = alpha
        self.ratio = ratio
    }

    /// Reads `{"type", "probability", "alpha", "ratio"}`; what the type has no use for is refused.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let type: Kind = try fields.required("type").choice()
        let alpha = fields.optional("alpha")
        let ratio = fields.optional("ratio")
        if let alpha, type != .mixup { throw alpha.fault("only \"mixup\" has an alpha; leave it out") }
        if let ratio, type != .cutoff { throw ratio.fault("only \"cutoff\" has a ratio; leave it out") }
        self.init(
            type, probability: try fields.optional("probability")?.number(in: 0...1),
            alpha: try alpha?.number(in: 1e-3...100) ?? 0.2, ratio: try ratio?.number(in: 0.01...0.9) ?? 0.1)
        try fields.finish()
    }

    /// The change as JSON.
    public var json: JSONValue {
        var object: JSONObject = ["type": .string(type.rawValue), "probability": .number(probability)]
        if type == .mixup { object["alpha"] = .number(alpha) }
        if type == .cutoff { object["ratio"] = .number(ratio) }
        return .object(object)
    }
}
