/// Which texts of a batch are mixed with which: mixup on sentence vectors (Zhang et al. 2018; Guo et al. 2019).
struct Mixture {
    /// The other text of each, (B).
    let partners: [Int32]
    /// The share of the text itself, (B), from 0 to 1.
    let shares: [Float]

    /// Mixes rows of targets as the vectors are mixed.
    ///
    /// - Parameter targets: (B × columns), row by row.
    func mix(_ targets: [Float]) -> [Float] {
        let columns = targets.count / max(1, partners.count)
        return partners.indices.flatMap { row in
            (0..<columns).map { column in
                let (own, other) = (targets[row * columns + column], targets[Int(partners[row]) * columns + column])
                return shares[row] * own + (1 - shares[row]) * other
            }
        }
    }
}
