/// The weight and bias of a linear layer, or of several over the same input that are computed as one.
///
/// Weights are (outputs × inputs) as in PyTorch. Those of several layers must be neighbours in the store, and so must
/// their biases, so that they form one matrix and one vector.
public struct LinearParameters: Sendable {
    /// Weights, (outputs × inputs) each.
    public let weights: [Parameter]
    /// Biases, (outputs) each.
    public let biases: [Parameter]

    /// One layer.
    public init(weight: Parameter, bias: Parameter) { self.init(weights: [weight], biases: [bias]) }

    /// Layers side by side.
    public init(weights: [Parameter], biases: [Parameter]) {
        for group in [weights, biases] {
            for (left, right) in zip(group, group.dropFirst()) {
                precondition(left.range.upperBound == right.range.lowerBound, "\(left.name) before \(right.name)")
            }
        }
        precondition(weights.allSatisfy { $0.shape.columns == weights[0].shape.columns }, "weights of equal width")
        self.weights = weights
        self.biases = biases
    }

    /// Width of the input.
    public var inputs: Int { weights[0].shape.columns }
    /// Width of the output: of all layers together.
    public var outputs: Int { weights.reduce(0) { $0 + $1.shape.rows } }
}
