internal import CKernels

extension Tape {
    /// y = x with elements dropped at random and the others scaled up to keep the mean; x itself without dropout.
    ///
    /// - Parameters:
    ///   - x: (rows × columns).
    ///   - probability: of an element to be dropped.
    /// - Returns: (rows × columns)
    public func drop(_ x: Value, probability: Float) -> Value {
        guard let dropout = nextDropout(probability: probability) else { return x }
        let y = arena.tensor(x.shape)
        y.base.update(from: x.tensor.base, count: y.count)
        withKernelDropout(dropout) { ck_dropout_rows($0, 0, y.rows, y.columns, y.base) }
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient { record(DropoutNode(x: x.id, result: result.id, dropout: dropout)) }
        return result
    }
}

/// With g the gradient of y: dx = g with the same elements dropped and the same scale.
private struct DropoutNode: Node {
    let x: Int
    let result: Int
    let dropout: Dropout

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        withKernelDropout(dropout) { ck_dropout_rows($0, 0, gradient.rows, gradient.columns, gradient.base) }
        tape.addGradient(gradient, to: x)
    }
}
