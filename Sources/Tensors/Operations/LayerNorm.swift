internal import CKernels

extension Tape {
    /// y = (x - mean) / √(variance + ε) ∘ γ + β with the row's mean and (biased) variance.
    ///
    /// For the few rows of a head; a layer's normalisation is part of ``residualNorm(_:bias:residual:norm:dropoutProbability:)``.
    ///
    /// - Parameters:
    ///   - x: (rows × columns).
    ///   - norm: γ and β.
    /// - Returns: (rows × columns)
    public func layerNorm(_ x: Value, _ norm: NormParameters) -> Value {
        let columns = x.tensor.columns
        let y = arena.tensor(x.shape)
        let statistics = arena.tensor(Shape(2, y.rows))
        let (gamma, beta) = (store.value(norm.gamma).baseAddress!, store.value(norm.beta).baseAddress!)
        forBlocks(of: y.rows, size: Self.rowsPerSum) { row, count, _ in
            ck_norm(
                count, columns, x.tensor.base + row * columns, gamma, beta, norm.epsilon, y.base + row * columns,
                statistics.base + row, statistics.base + y.rows + row)
        }
        let result = value(y, needsGradient: x.needsGradient || trains(norm.gamma, norm.beta))
        if result.needsGradient {
            record(
                LayerNormNode(
                    x: x.needsGradient ? x.id : nil, input: x.tensor, statistics: statistics, result: result.id,
                    norm: norm))
        }
        return result
    }
}

/// With g the gradient of y and x̂ = (x - mean)·rstd: dx = rstd·(γg - mean(γg) - x̂·mean(γg∘x̂)), dγ = Σ g∘x̂, dβ = Σ g.
private struct LayerNormNode: Node {
    let x: Int?
    let input: Tensor
    /// Means, then reciprocal standard deviations of the rows.
    let statistics: Tensor
    let result: Int
    let norm: NormParameters

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (rows, columns) = (gradient.rows, gradient.columns)
        let partials = tape.arena.zeros(Shape((rows + Tape.rowsPerSum - 1) / Tape.rowsPerSum, 2, columns))
        let gamma = tape.store.value(norm.gamma).baseAddress!
        let needsNorm = tape.trains(norm.gamma, norm.beta)
        tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
            let part = partials.base + row / Tape.rowsPerSum * 2 * columns
            ck_norm_backward(
                count, columns, gradient.base + row * columns, input.base + row * columns, statistics.base + row,
                statistics.base + rows + row, gamma, needsNorm ? part : nil,
                needsNorm ? part + columns : nil)
        }
        tape.addPartialSums(partials, row: 0, to: norm.gamma)
        tape.addPartialSums(partials, row: 1, to: norm.beta)
        if let x { tape.addGradient(gradient, to: x) }
    }
}
