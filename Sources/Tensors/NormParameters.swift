/// The parameters of a layer normalisation.
public struct NormParameters: Sendable {
    /// γ, the factor of each column.
    public let gamma: Parameter
    /// β, the offset of each column.
    public let beta: Parameter
    /// ε, added to the variance.
    public let epsilon: Float

    /// γ, β and ε.
    public init(gamma: Parameter, beta: Parameter, epsilon: Float) {
        self.gamma = gamma
        self.beta = beta
        self.epsilon = epsilon
    }
}
