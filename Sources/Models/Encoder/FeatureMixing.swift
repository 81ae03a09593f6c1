/// Which vectors that enter a head are mixed, and in what shares: mixup in the hidden space (Guo et al. 2019).
public struct FeatureMixing: Sendable, Hashable {
    /// The row that each row is mixed with, (B).
    public let partners: [Int32]
    /// The share of each row itself, (B), in 0...1; the rest is its partner's.
    public let shares: [Float]

    /// A partner and a share for each row.
    public init(partners: [Int32], shares: [Float]) {
        precondition(partners.count == shares.count, "a share for each partner")
        self.partners = partners
        self.shares = shares
    }
}
