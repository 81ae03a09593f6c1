extension Tape {
    /// y[i] = λ[i]·x[i] + (1 - λ[i])·x[partner[i]]: mixup on pooled vectors (Zhang et al. 2018; Guo et al. 2019).
    ///
    /// - Parameters:
    ///   - x: (rows × columns).
    ///   - partners: a row for each row.
    ///   - shares: λ of each row.
    /// - Returns: (rows × columns)
    public func mixRows(_ x: Value, partners: [Int32], shares: [Float]) -> Value {
        let (rows, columns) = (x.tensor.rows, x.tensor.columns)
        precondition(partners.count == rows && shares.count == rows, "mixRows: a partner and a share for each row")
        precondition(partners.allSatisfy { (0..<Int32(rows)).contains($0) }, "mixRows: partners in 0..<\(rows)")
        let y = arena.tensor(x.shape)
        for row in 0..<rows {
            let (own, other) = (x.tensor.base + row * columns, x.tensor.base + Int(partners[row]) * columns)
            let (target, share) = (y.base + row * columns, shares[row])
            for column in 0..<columns { target[column] = share * own[column] + (1 - share) * other[column] }
        }
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient {
            record(RowMixingNode(x: x.id, result: result.id, partners: partners, shares: shares))
        }
        return result
    }
}

/// With g the gradient of y: dx[i] += λ[i]·g[i], dx[partner[i]] += (1 - λ[i])·g[i].
private struct RowMixingNode: Node {
    let x: Int
    let result: Int
    let partners: [Int32]
    let shares: [Float]

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let sum = tape.zeroedGradientTarget(x, gradient.shape)
        let columns = gradient.columns
        for (row, partner) in partners.enumerated() {
            let g = gradient.base + row * columns
            let (own, other) = (sum.base + row * columns, sum.base + Int(partner) * columns)
            for column in 0..<columns {
                own[column] += shares[row] * g[column]
                other[column] += (1 - shares[row]) * g[column]
            }
        }
    }
}
