public import JSON

/// The unfrozen layers: which parameters train, from when on, and through which adapters.
public struct LayersSpecification: Sendable, Hashable, JSONRepresentable {
    /// Which parameters of the model train. Beside adapters, these are the head's.
    public var train: LayerSelection
    /// Unfreezes one block after another, from the head downwards; nil unfreezes all at once.
    public var gradualUnfreezing: GradualUnfreezing?
    /// Low-rank adapters beside the linear layers; the trunk itself stays frozen.
    public var lora: LoRASpecification?

    /// A specification; `train` nil takes the head beside adapters, else every parameter.
    public init(
        train: LayerSelection? = nil, gradualUnfreezing: GradualUnfreezing? = nil, lora: LoRASpecification? = nil
    ) {
        self.train = train ?? (lora == nil ? .all : .head)
        self.gradualUnfreezing = gradualUnfreezing
        self.lora = lora
    }

    /// Reads `{"train", "gradual_unfreezing", "lora"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        self.init(
            train: try Recipe.part(fields.optional("train")),
            gradualUnfreezing: try Recipe.part(fields.optional("gradual_unfreezing")),
            lora: try Recipe.part(fields.optional("lora")))
        try fields.finish()
    }

    /// Whether no parameter of the trunk changes and no adapter works in it: what enters the head stays the same.
    public var trunkIsFrozen: Bool { train == .head && lora == nil }

    /// The specification as JSON.
    public var json: JSONValue {
        [
            "train": train.json, "gradual_unfreezing": gradualUnfreezing?.json ?? .null, "lora": lora?.json ?? .null,
        ]
    }
}
