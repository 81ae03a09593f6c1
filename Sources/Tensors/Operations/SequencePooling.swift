/// What becomes of the token vectors of a sequence.
public enum SequencePooling: Sendable, Hashable {
    /// Their mean.
    case mean
    /// Their maximum, element by element.
    case max
}

extension Tape {
    /// One vector a sequence from the vectors of its tokens.
    ///
    /// - Parameters:
    ///   - x: (T × columns).
    ///   - offsets: where each sequence starts, and at the end T: (B + 1).
    /// - Returns: (B × columns)
    public func pool(_ x: Value, offsets: [Int32], by pooling: SequencePooling) -> Value {
        let columns = x.tensor.columns
        let y = arena.tensor(Shape(offsets.count - 1, columns))
        var winners = [Int32](repeating: 0, count: pooling == .max ? y.count : 0)
        for sequence in 0..<(offsets.count - 1) {
            let (start, end) = (Int(offsets[sequence]), Int(offsets[sequence + 1]))
            let pooled = y.base + sequence * columns
            for column in 0..<columns {
                switch pooling {
                case .mean:
                    let sum = (start..<end).reduce(Float(0)) { $0 + x.tensor.base[$1 * columns + column] }
                    pooled[column] = sum / Float(end - start)
                case .max:
                    var best = start
                    for row in start..<end
                    where x.tensor.base[row * columns + column] > x.tensor.base[best * columns + column] {
                        best = row
                    }
                    pooled[column] = x.tensor.base[best * columns + column]
                    winners[sequence * columns + column] = Int32(best)
                }
            }
        }
        let result = value(y, needsGradient: x.needsGradient)
        if result.needsGradient {
            record(
                SequencePoolingNode(
                    x: x.id, shape: x.shape, result: result.id, offsets: offsets, winners: winners, pooling: pooling))
        }
        return result
    }
}

/// With g the gradient of y: mean: dx[t] = g / length for every token t; max: dx[winner] = g, else 0.
private struct SequencePoolingNode: Node {
    let x: Int
    let shape: Shape
    let result: Int
    let offsets: [Int32]
    /// The row of each maximum, (B × columns).
    let winners: [Int32]
    let pooling: SequencePooling

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let target = tape.gradientTarget(x, shape)
        let (columns, dx) = (gradient.columns, target.tensor.base)
        if target.beta == 0 { dx.update(repeating: 0, count: target.tensor.count) }
        for sequence in 0..<(offsets.count - 1) {
            let (start, end) = (Int(offsets[sequence]), Int(offsets[sequence + 1]))
            for column in 0..<columns {
                let g = gradient.base[sequence * columns + column]
                switch pooling {
                case .mean:
                    for row in start..<end { dx[row * columns + column] += g / Float(end - start) }
                case .max:
                    dx[Int(winners[sequence * columns + column]) * columns + column] += g
                }
            }
        }
    }
}
