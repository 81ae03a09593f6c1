extension Tape {
    /// y[i] = x[rows[i]]; each row at most once.
    ///
    /// - Parameters:
    ///   - x: (rows of x × columns).
    ///   - rows: which rows, rising.
    /// - Returns: (number of `rows` × columns)
    public func gatherRows(_ x: Value, _ rows: [Int32]) -> Value {
        let columns = x.tensor.columns
        let y = arena.tensor(Shape(rows.count, columns))
        for (target, source) in rows.enumerated() {
            (y.base + target * columns).update(from: x.tensor.base + Int(source) * columns, count: columns)
        }
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient {
            record(GatherRowsNode(x: x.id, shape: x.shape, result: result.id, rows: rows))
        }
        return result
    }
}

/// With g the gradient of y: dx[rows[i]] = g[i], and 0 in all other rows.
private struct GatherRowsNode: Node {
    let x: Int
    let shape: Shape
    let result: Int
    let rows: [Int32]

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let target = tape.gradientTarget(x, shape)
        let columns = gradient.columns
        if target.beta == 0 { target.tensor.base.update(repeating: 0, count: target.tensor.count) }
        for (source, row) in rows.enumerated() {
            let (from, to) = (gradient.base + source * columns, target.tensor.base + Int(row) * columns)
            for column in 0..<columns { to[column] += from[column] }
        }
    }
}
