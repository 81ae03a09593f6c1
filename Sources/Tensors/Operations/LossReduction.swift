internal import CKernels

extension Tape {
    /// The sum of the rows' losses, each with its weight, over the number of items, recorded.
    ///
    /// - Parameters:
    ///   - input: what the loss depends on, (rows × columns).
    ///   - slope: the gradient of each row's loss, (rows × columns).
    ///   - rows: the losses, (rows).
    ///   - weights: of the rows; nil for 1 each.
    ///   - items: what the sum is divided by; nil for the sum of the weights, which gives the mean.
    func reduce(_ input: Value, slope: Tensor, rows: Tensor, weights: [Float]?, items: Float?) -> Loss {
        precondition(weights.map { $0.count == rows.count } ?? true, "a loss: one weight a row")
        let factors = arena.tensor(Shape(rows.count))
        let weightSum = weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(rows.count)
        let divisor = items.map(Double.init) ?? weightSum
        var total = 0.0
        for row in 0..<rows.count {
            let weight = Double(weights?[row] ?? 1)
            factors.base[row] = divisor == 0 ? 0 : Float(weight / divisor)
            // A row without weight does not count, not even as "not a number".
            if weight != 0 { total += weight * Double(rows.base[row]) }
        }
        let loss = arena.tensor(Shape(1))
        loss.base[0] = divisor == 0 ? 0 : Float(total / divisor)
        let result = value(loss, needsGradient: input.needsGradient)
        if result.needsGradient {
            record(LossNode(input: input.id, slope: slope, factors: factors, result: result.id))
        }
        return Loss(value: result, rows: rows)
    }
}

/// With g the gradient of the loss: dinput[r] = slope[r] · factor[r] · g.
private struct LossNode: Node {
    let input: Int
    /// (rows × columns)
    let slope: Tensor
    /// weight / items of each row.
    let factors: Tensor
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (columns, g) = (slope.columns, gradient.base[0])
        tape.forBlocks(of: factors.count, size: Tape.rowsPerSum) { row, count, _ in
            ck_scale_rows(count, columns, slope.base + row * columns, factors.base + row, g)
        }
        tape.addGradient(slope, to: input)
    }
}
