public import JSON

/// The optimizer: AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization").
public struct OptimizerSettings: Sendable, Hashable, JSONRepresentable {
    /// The optimizers there are.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Adam with decoupled weight decay.
        case adamw
    }

    /// Which optimizer.
    public var type: Kind = .adamw
    /// Decay rate of the first moment's running mean.
    public var beta1 = 0.9
    /// Decay rate of the second moment's running mean.
    public var beta2 = 0.999
    /// Added to the root of the second moment.
    public var epsilon = 1e-8

    /// AdamW with its usual settings.
    public init() {}

    /// Reads `{"type", "betas": [β1, β2], "epsilon"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        type = try fields.optional("type")?.choice() ?? type
        if let betas = fields.optional("betas") {
            let elements = try betas.elements()
            guard elements.count == 2 else { throw betas.fault("expected two numbers, got \(elements.count)") }
            beta1 = try elements[0].number(in: 0...0.999999)
            beta2 = try elements[1].number(in: 0...0.999999)
        }
        epsilon = try fields.optional("epsilon")?.number(in: 1e-12...1e-2) ?? epsilon
        try fields.finish()
    }

    /// The settings as JSON.
    public var json: JSONValue {
        ["type": .string(type.rawValue), "betas": [.number(beta1), .number(beta2)], "epsilon": .number(epsilon)]
    }
}
