extension Tape {
    /// y = x / max(‖x‖, ε) for each row: rows of length 1, as `torch.nn.functional.normalize`.
    ///
    /// - Parameter x: (rows × columns).
    /// - Returns: (rows × columns)
    public func normalizeRows(_ x: Value) -> Value {
        let columns = x.tensor.columns
        let y = arena.tensor(x.shape)
        let lengths = arena.tensor([y.rows])
        for row in 0..<y.rows {
            let (source, target) = (x.tensor.base + row * columns, y.base + row * columns)
            var squares = 0.0
            for column in 0..<columns { squares += Double(source[column]) * Double(source[column]) }
            let length = max(Float(squares.squareRoot()), RowNormalizationNode.epsilon)
            lengths.base[row] = length
            for column in 0..<columns { target[column] = source[column] / length }
        }
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient {
            record(RowNormalizationNode(x: x.id, y: y, lengths: lengths, result: result.id))
        }
        return result
    }
}

/// With g the gradient of y: dx = (g - y·Σ g∘y) / ‖x‖; rows shorter than ε have y·Σ g∘y left out.
private struct RowNormalizationNode: Node {
    static let epsilon: Float = 1e-12
    let x: Int
    let y: Tensor
    let lengths: Tensor
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let columns = gradient.columns
        for row in 0..<gradient.rows {
            let (g, unit, length) = (gradient.base + row * columns, y.base + row * columns, lengths.base[row])
            var along = 0.0
            if length > Self.epsilon { for column in 0..<columns { along += Double(g[column]) * Double(unit[column]) } }
            for column in 0..<columns { g[column] = (g[column] - unit[column] * Float(along)) / length }
        }
        tape.addGradient(gradient, to: x)
    }
}
