/// Low-rank adapters beside linear layers of the trunk: LoRA (Hu et al. 2021), with peft's meaning of each setting.
public struct LoRAConfiguration: Sendable, Hashable {
    /// Rows of A and columns of B.
    public var rank: Int
    /// α: the change is scaled by α / rank.
    public var alpha: Double
    /// Probability of an element of an adapter's input to be dropped in training.
    public var dropout: Float
    /// Which layers get an adapter.
    public var targets: LoRATargets
    /// Whether α is divided by √rank instead (rsLoRA, Kalajdzievski 2023).
    public var stabilizesRank: Bool
    /// Whether the magnitude of each output's weights is trained apart from their direction (DoRA, Liu et al. 2024).
    public var hasMagnitude: Bool

    /// Adapters; the defaults are those of a job.
    public init(
        rank: Int = 8, alpha: Double = 16, dropout: Float = 0, targets: LoRATargets = .auto,
        stabilizesRank: Bool = false, hasMagnitude: Bool = false
    ) {
        precondition(rank > 0, "an adapter's rank is at least 1, not \(rank)")
        self.rank = rank
        self.alpha = alpha
        self.dropout = dropout
        self.targets = targets
        self.stabilizesRank = stabilizesRank
        self.hasMagnitude = hasMagnitude
    }

    /// The factor of B·A.
    public var scale: Float {
        Float(alpha / (stabilizesRank ? Double(rank).squareRoot() : Double(rank)))
    }
}
