/// The weight and bias of a linear layer, or of several over the same input that are computed as one.
///
/// Weights are (outputs × inputs) as in PyTorch. Those of several layers must be neighbours in the store, and so must
/// their biases, so that they form one matrix and one vector.
public struct LinearParameters: Sendable {
    /// Weights, (outputs × inputs) each.
    public let weights: [Parameter]
    /// Biases, (outputs) each; empty for layers without.
    public let biases: [Parameter]
    /// An adapter beside each weight, or nil beside those that have none; empty when no weight has one.
    public let adapters: [LowRankAdapter?]

    /// One layer.
    public init(weight: Parameter, bias: Parameter?, adapter: LowRankAdapter? = nil) {
        self.init(weights: [weight], biases: bias.map { [$0] } ?? [], adapters: [adapter])
    }

    /// Layers side by side, with adapters beside any of at most three, as many as attention projects its input to.
    public init(weights: [Parameter], biases: [Parameter], adapters: [LowRankAdapter?] = []) {
        for group in [weights, biases] {
            for (left, right) in zip(group, group.dropFirst()) {
                precondition(left.range.upperBound == right.range.lowerBound, "\(left.name) before \(right.name)")
            }
        }
        precondition(weights.allSatisfy { $0.shape.columns == weights[0].shape.columns }, "weights of equal width")
        precondition(adapters.isEmpty || adapters.count == weights.count, "an adapter or nil beside each weight")
        precondition(adapters.count <= 3, "adapters beside at most three weights that are computed as one")
        for case (let weight, let adapter?) in zip(weights, adapters) {
            precondition(
                adapter.down.shape.columns == weight.shape.columns && adapter.up.shape.rows == weight.shape.rows,
                "\(adapter.down.name) and \(adapter.up.name) beside \(weight.name) \(weight.shape)")
        }
        self.weights = weights
        self.biases = biases
        self.adapters = adapters.contains { $0 != nil } ? adapters : []
    }

    /// Width of the input.
    public var inputs: Int { weights[0].shape.columns }
    /// Width of the output: of all layers together.
    public var outputs: Int { weights.reduce(0) { $0 + $1.shape.rows } }
    /// Whether any weight has an adapter.
    public var isAdapted: Bool { !adapters.isEmpty }
}
