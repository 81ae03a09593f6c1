internal import CKernels

extension Tape {
    /// y[i] = a[i] · b[i]: the cosine of the angle between two vectors where both are normalised.
    ///
    /// - Parameters:
    ///   - a: (rows × columns).
    ///   - b: (rows × columns).
    /// - Returns: (rows × 1)
    public func rowDots(_ a: Value, _ b: Value) -> Value {
        precondition(a.shape == b.shape, "rowDots: a \(a.shape), b \(b.shape)")
        let y = arena.tensor(Shape(a.tensor.rows, 1))
        let columns = a.tensor.columns
        ck_row_dots(y.rows, columns, a.tensor.base, columns, b.tensor.base, columns, y.base)
        let result = value(y, needsGradient: a.needsGradient || b.needsGradient)
        if result.needsGradient { record(RowDotsNode(a: a, b: b, result: result.id)) }
        return result
    }
}

/// With g the gradient of y: da[i] = g[i]·b[i], db[i] = g[i]·a[i].
private struct RowDotsNode: Node {
    let a: Value
    let b: Value
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        for (target, other) in [(a, b), (b, a)] where target.needsGradient {
            let sum = tape.zeroedGradientTarget(target.id, target.shape)
            ck_add_scaled_rows(gradient.rows, other.tensor.columns, gradient.base, other.tensor.base, sum.base)
        }
    }
}
