public import JSON

/// The optimizer and its own settings.
public struct OptimizerSettings: Sendable, Hashable, JSONRepresentable {
    /// The optimizers there are.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Adam with decoupled weight decay (Loshchilov and Hutter 2019).
        case adamw
        /// Stochastic gradient descent with momentum.
        case sgd
        /// Factored second moments (Shazeer and Stern 2018), at the learning rate given.
        case adafactor
        /// The sign of a running mean (Chen et al. 2023).
        case lion
    }

    /// Which optimizer.
    public var type: Kind
    /// Decay rate of the first moment's running mean; of AdamW and Lion.
    public var beta1 = 0.9
    /// Decay rate of the second moment's running mean; of AdamW, and of Lion's momentum.
    public var beta2 = 0.999
    /// Added to the root of the second moment; of AdamW.
    public var epsilon = 1e-8
    /// The share of the last step that goes on; of SGD.
    public var momentum = 0.9
    /// Whether SGD looks ahead along its momentum (Nesterov).
    public var nesterov = false

    /// An optimizer with its usual settings.
    public init(_ type: Kind = .adamw) {
        self.type = type
        if type == .lion { beta2 = 0.99 }
    }

    /// Reads `{"type", "betas": [β1, β2], "epsilon", "momentum", "nesterov"}`; what the type has no use for is refused.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        self.init(try fields.optional("type")?.choice() ?? .adamw)
        if let betas = fields.optional("betas") {
            try require(hasBetas, betas, "betas", of: "\"adamw\" and \"lion\"")
            let elements = try betas.elements()
            guard elements.count == 2 else { throw betas.fault("expected two numbers, got \(elements.count)") }
            beta1 = try elements[0].number(in: 0...0.999999)
            beta2 = try elements[1].number(in: 0...0.999999)
        }
        if let epsilon = fields.optional("epsilon") {
            try require(type == .adamw, epsilon, "epsilon", of: "\"adamw\"")
            self.epsilon = try epsilon.number(in: 1e-12...1e-2)
        }
        if let momentum = fields.optional("momentum") {
            try require(type == .sgd, momentum, "momentum", of: "\"sgd\"")
            self.momentum = try momentum.number(in: 0...0.999999)
        }
        if let nesterov = fields.optional("nesterov") {
            try require(type == .sgd, nesterov, "nesterov", of: "\"sgd\"")
            self.nesterov = try nesterov.bool()
            if self.nesterov, momentum == 0 { throw nesterov.fault("needs a momentum above 0") }
        }
        try fields.finish()
    }

    private var hasBetas: Bool { type == .adamw || type == .lion }

    private func require(
        _ condition: Bool, _ cursor: JSONCursor, _ name: String, of owners: String
    ) throws(JSONFault) {
        guard !condition else { return }
        throw cursor.fault("\"\(type.rawValue)\" has no \(name), only \(owners); leave it out")
    }

    /// The settings as JSON; those of other types are null.
    public var json: JSONValue {
        let isSGD = type == .sgd
        return [
            "type": .string(type.rawValue), "betas": hasBetas ? [.number(beta1), .number(beta2)] : nil,
            "epsilon": type == .adamw ? .number(epsilon) : nil, "momentum": isSGD ? .number(momentum) : nil,
            "nesterov": isSGD ? .bool(nesterov) : nil,
        ]
    }
}
