internal import CKernels

extension Tape {
    /// y = x / max(‖x‖, 10⁻¹²) row by row, as `torch.nn.functional.normalize`.
    ///
    /// - Parameter x: (rows × columns).
    /// - Returns: (rows × columns)
    public func normalizeRows(_ x: Value) -> Value {
        let (y, inverse) = (arena.tensor(x.shape), arena.tensor(Shape(x.tensor.rows)))
        ck_normalize_rows(y.rows, y.columns, x.tensor.base, y.base, inverse.base)
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient { record(RowNormalizationNode(x: x.id, y: y, inverse: inverse, result: result.id)) }
        return result
    }
}

/// With g the gradient of y: dx = (g - y·(g·y)) / ‖x‖.
private struct RowNormalizationNode: Node {
    let x: Int
    let y: Tensor
    /// 1 / ‖x‖ of each row.
    let inverse: Tensor
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        ck_normalize_rows_backward(y.rows, y.columns, gradient.base, y.base, inverse.base)
        tape.addGradient(gradient, to: x)
    }
}
