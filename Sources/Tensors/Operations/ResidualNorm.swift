internal import CKernels

extension Tape {
    /// y = norm(residual + drop(z + b)), layer normalisation over the columns; takes over the memory of z.
    ///
    /// norm(x) = (x - mean) / √(variance + ε) ∘ γ + β with the row's mean and (biased) variance.
    ///
    /// - Parameters:
    ///   - z: (rows × columns), of no further use to the caller.
    ///   - bias: of the layer that gave z, (columns).
    ///   - residual: (rows × columns).
    ///   - norm: γ and β.
    ///   - dropoutProbability: of an element of z + b.
    /// - Returns: (rows × columns)
    public func residualNorm(
        _ z: Value, bias: Parameter, residual: Value, norm: NormParameters, dropoutProbability: Float
    ) -> Value {
        precondition(z.shape == residual.shape, "residualNorm: z \(z.shape), residual \(residual.shape)")
        let columns = z.tensor.columns
        let y = arena.tensor(z.shape)
        let statistics = arena.tensor(Shape(2, y.rows))
        let dropout = nextDropout(probability: dropoutProbability)
        let offset = store.value(bias).baseAddress!
        let (gamma, beta) = (store.value(norm.gamma).baseAddress!, store.value(norm.beta).baseAddress!)
        withKernelDropout(dropout) { dropout in
            forBlocks(of: y.rows, size: Self.rowsPerSum) { row, count, _ in
                let start = row * columns
                ck_residual_norm(
                    row, count, columns, z.tensor.base + start, offset, residual.tensor.base + start, gamma, beta,
                    norm.epsilon, dropout, y.base + start, statistics.base + row, statistics.base + y.rows + row)
            }
        }
        let result = value(
            y,
            needsGradient: z.needsGradient || residual.needsGradient || trains(bias, norm.gamma, norm.beta))
        if result.needsGradient {
            record(
                ResidualNormNode(
                    z: z.needsGradient ? z.id : nil, residual: residual.needsGradient ? residual.id : nil,
                    sum: z.tensor, statistics: statistics, result: result.id, bias: bias, norm: norm,
                    dropout: dropout))
        }
        return result
    }
}

/// With g the gradient of y and x̂ = (x - mean)·rstd: dx = rstd·(γg - mean(γg) - x̂·mean(γg∘x̂)), dγ = Σ g∘x̂, dβ = Σ g;
/// the residual gets dx, z gets dz = drop(dx), db = Σ dz.
private struct ResidualNormNode: Node {
    let z: Int?
    let residual: Int?
    /// x = residual + drop(z + b), in what was the memory of z.
    let sum: Tensor
    /// Means, then reciprocal standard deviations of the rows.
    let statistics: Tensor
    let result: Int
    let bias: Parameter
    let norm: NormParameters
    let dropout: Dropout?

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (rows, columns) = (gradient.rows, gradient.columns)
        let parts = (rows + Tape.rowsPerSum - 1) / Tape.rowsPerSum
        let partials = tape.arena.zeros(Shape(parts, 3, columns))
        let dz = tape.arena.tensor(gradient.shape)
        let gamma = tape.store.value(norm.gamma).baseAddress!
        let needsNorm = tape.trains(norm.gamma, norm.beta)
        let needsBias = tape.trains(bias)
        withKernelDropout(dropout) { dropout in
            tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
                let start = row * columns
                let part = partials.base + row / Tape.rowsPerSum * 3 * columns
                ck_residual_norm_backward(
                    row, count, columns, gradient.base + start, sum.base + start, statistics.base + row,
                    statistics.base + rows + row, gamma, dropout, dz.base + start, needsNorm ? part : nil,
                    needsNorm ? part + columns : nil, needsBias ? part + 2 * columns : nil)
            }
        }
        tape.addPartialSums(partials, row: 0, to: norm.gamma)
        tape.addPartialSums(partials, row: 1, to: norm.beta)
        tape.addPartialSums(partials, row: 2, to: bias)
        if let z { tape.addGradient(dz, to: z) }
        if let residual { tape.addGradient(gradient, to: residual) }
    }
}
