extension Tape {
    /// y = scale · a·bᵀ: the scores of every row of a against every row of b.
    ///
    /// - Parameters:
    ///   - a: (rows of a × columns).
    ///   - b: (rows of b × columns).
    ///   - scale: 1 / temperature.
    /// - Returns: (rows of a × rows of b)
    public func similarities(_ a: Value, _ b: Value, scale: Float) -> Value {
        let columns = a.tensor.columns
        precondition(b.tensor.columns == columns, "similarities: a \(a.shape), b \(b.shape)")
        let y = arena.tensor(Shape(a.tensor.rows, b.tensor.rows))
        BLAS.multiply(
            m: y.rows, n: y.columns, k: columns, alpha: scale, a: a.tensor.base, lda: columns, b: b.tensor.base,
            ldb: columns, transposeB: true, c: y.base, ldc: y.columns)
        let result = value(y, needsGradient: a.needsGradient || b.needsGradient)
        if result.needsGradient { record(SimilaritiesNode(a: a, b: b, scale: scale, result: result.id)) }
        return result
    }
}

/// With g the gradient of y: da = scale·g·b, db = scale·gᵀ·a.
private struct SimilaritiesNode: Node {
    let a: Value
    let b: Value
    let scale: Float
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let columns = a.tensor.columns
        if a.needsGradient {
            let target = tape.gradientTarget(a.id, a.shape)
            BLAS.multiply(
                m: gradient.rows, n: columns, k: gradient.columns, alpha: scale, a: gradient.base,
                lda: gradient.columns, b: b.tensor.base, ldb: columns, beta: target.beta, c: target.tensor.base,
                ldc: columns)
        }
        if b.needsGradient {
            let target = tape.gradientTarget(b.id, b.shape)
            BLAS.multiply(
                m: gradient.columns, n: columns, k: gradient.rows, alpha: scale, a: gradient.base,
                lda: gradient.columns, transposeA: true, b: a.tensor.base, ldb: columns, beta: target.beta,
                c: target.tensor.base, ldc: columns)
        }
    }
}
