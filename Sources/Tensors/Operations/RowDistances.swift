internal import CKernels

extension Tape {
    /// y[i] = ‖a[i] - b[i] + 10⁻⁶‖, as `torch.nn.functional.pairwise_distance`, whose small constant keeps the slope finite.
    ///
    /// - Parameters:
    ///   - a: (rows × columns).
    ///   - b: (rows × columns).
    /// - Returns: (rows × 1)
    public func rowDistances(_ a: Value, _ b: Value) -> Value {
        precondition(a.shape == b.shape, "rowDistances: a \(a.shape), b \(b.shape)")
        let y = arena.tensor(Shape(a.tensor.rows, 1))
        ck_row_distances(y.rows, a.tensor.columns, a.tensor.base, b.tensor.base, y.base)
        let result = value(y, needsGradient: a.needsGradient || b.needsGradient)
        if result.needsGradient { record(RowDistancesNode(a: a, b: b, y: y, result: result.id)) }
        return result
    }
}

/// With g the gradient of y: da = g·(a - b + 10⁻⁶) / y, db = -da.
private struct RowDistancesNode: Node {
    let a: Value
    let b: Value
    let y: Tensor
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (rows, columns) = (a.tensor.rows, a.tensor.columns)
        for row in 0..<rows { gradient.base[row] /= y.base[row] }
        let slope = tape.arena.tensor(a.shape)
        ck_row_differences(rows, columns, a.tensor.base, b.tensor.base, gradient.base, slope.base)
        for (target, sign) in [(a, Float(1)), (b, -1)] where target.needsGradient {
            let sum = tape.zeroedGradientTarget(target.id, target.shape)
            ck_add_multiple(slope.count, sign, slope.base, sum.base)
        }
    }
}
