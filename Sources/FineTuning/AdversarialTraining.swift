public import JSON

/// Training on texts whose word embeddings are moved a little to where the loss is higher.
///
/// Whatever the type, evaluations measure the accuracy under an attack too: PGD with this epsilon, step size and steps.
public struct AdversarialTraining: Sendable, Hashable, JSONRepresentable {
    /// How the perturbation is found.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Not in training; evaluations measure the attacked accuracy.
        case none
        /// One step along the gradient (Miyato et al. 2017).
        case fgm
        /// Several projected steps (Madry et al. 2018).
        case pgd
        /// Several steps, each of whose gradients counts (Zhu et al. 2020).
        case freelb
    }

    /// Which way.
    public var type: Kind
    /// The largest norm of the perturbation of a sequence, in the units of the word embeddings.
    ///
    /// Their rows have a norm of about 1 in models of the BERT family.
    public var epsilon: Double
    /// The length of one step.
    public var stepSize: Double
    /// Steps of PGD and FreeLB, and of the attack in evaluations.
    public var steps: Int

    /// Moves a sentence of twenty words by about a twentieth of its norm, which costs a model trained plainly most of its
    /// right answers. At five times as much nothing that could be learnt holds: training falls back to the majority.
    public static let defaultEpsilon = 0.2

    /// A way with its usual settings: steps of 2.5 · epsilon / steps, so that the bound can be reached and followed.
    public init(_ type: Kind, epsilon: Double = Self.defaultEpsilon, stepSize: Double? = nil, steps: Int = 3) {
        self.type = type
        self.epsilon = epsilon
        self.steps = steps
        self.stepSize = stepSize ?? 2.5 * epsilon / Double(steps)
    }

    /// Reads `{"type", "epsilon", "step_size", "steps"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        self.init(
            try fields.required("type").choice(),
            epsilon: try fields.optional("epsilon")?.number(in: 1e-6...1e3) ?? Self.defaultEpsilon,
            stepSize: try fields.optional("step_size")?.number(in: 1e-9...1e4),
            steps: try fields.optional("steps")?.integer(in: 1...100) ?? 3)
        try fields.finish()
    }

    /// The settings as JSON.
    public var json: JSONValue {
        [
            "type": .string(type.rawValue), "epsilon": .number(epsilon), "step_size": .number(stepSize),
            "steps": JSONValue(steps),
        ]
    }
}
