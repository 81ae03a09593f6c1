internal import CKernels

/// One adapter in a pass of a linear layer.
///
/// With G the gradient of the branch's columns of y, times c for DoRA: U = s·G·B, dB = s·Gᵀ·(x̃·Aᵀ), dA = Uᵀ·x̃,
/// dx̃ = U·A; for DoRA dm = Σ over rows of g ∘ (x̃·Vᵀ) / ‖V‖, and the norm is a constant.
struct AdapterBranch {
    let adapter: LowRankAdapter
    /// W
    let weight: Parameter
    /// The first of the branch's columns of y.
    let column: Int
    let dropout: Dropout?
    /// x̃·Vᵀ, (rows × outputs); DoRA only.
    private var projection: Tensor?
    /// c = m / ‖V‖, then 1 / ‖V‖: (2 × outputs); DoRA only.
    private var factors: Tensor?
    /// V, (outputs × inputs); DoRA with dropout only.
    private var merged: Tensor?

    init(adapter: LowRankAdapter, weight: Parameter, column: Int, dropout: Dropout?) {
        self.adapter = adapter
        self.weight = weight
        self.column = column
        self.dropout = dropout
    }

    /// Whether V takes the place of W in the layer's product.
    var isMerged: Bool { dropout == nil }

    private var outputs: Int { weight.shape.rows }
    private var inputs: Int { weight.shape.columns }

    /// Completes the branch's columns of y, which hold x·Vᵀ when merged, else x·Wᵀ.
    mutating func forward(_ x: Tensor, _ y: Tensor, _ tape: Tape) {
        let columns = y.base + column
        if let magnitude = adapter.magnitude {
            let factors = rowFactors(magnitude, tape)
            self.factors = factors
            let projection = tape.arena.tensor(Shape(y.rows, outputs))
            self.projection = projection
            if let dropout {
                let dropped = dropped(x, dropout, tape)
                multiply(dropped, merged!.base, to: projection.base, stride: outputs, tape: tape)
                let base = tape.store.value(weight).baseAddress!
                multiply(dropped, base, to: columns, stride: y.columns, alpha: -1, beta: 1, tape: tape)
                tape.forBlocks(of: y.rows, size: Tape.rowsPerSum) { row, count, _ in
                    ck_add_scaled_columns(
                        count, outputs, projection.base + row * outputs, outputs, factors.base,
                        columns + row * y.columns, y.columns)
                }
            } else {
                tape.forBlocks(of: y.rows, size: Tape.rowsPerSum) { row, count, _ in
                    let (from, to) = (columns + row * y.columns, projection.base + row * outputs)
                    for line in 0..<count {
                        (to + line * outputs).update(from: from + line * y.columns, count: outputs)
                    }
                    ck_scale_columns(count, outputs, to, outputs, factors.base, from, y.columns)
                }
            }
        } else if let dropout {
            let dropped = dropped(x, dropout, tape)
            let (rank, down, up) = (adapter.rank, values(adapter.down, tape), values(adapter.up, tape))
            let middle = tape.arena.tensor(Shape(x.rows, rank))
            tape.forBlocks(of: x.rows, size: tape.rowsPerProduct(x.rows)) { row, count, _ in
                BLAS.multiply(
                    m: count, n: rank, k: inputs, a: dropped.base + row * inputs, lda: inputs, b: down, ldb: inputs,
                    transposeB: true, c: middle.base + row * rank, ldc: rank)
                BLAS.multiply(
                    m: count, n: outputs, k: rank, alpha: adapter.scale, a: middle.base + row * rank, lda: rank, b: up,
                    ldb: rank, transposeB: true, beta: 1, c: columns + row * y.columns, ldc: y.columns)
            }
        }
    }

    /// Adds the gradients of A, B and m. When merged, leaves c ∘ g in g's columns.
    ///
    /// - Returns: what a branch with dropout needs for dx: U, (rows × rank), or for DoRA c ∘ g and g side by side,
    ///   (rows × 2·outputs).
    func backward(_ x: Tensor, _ gradient: Tensor, _ tape: Tape) -> Tensor? {
        let rows = gradient.rows
        let g = gradient.base + column
        var (slope, stride) = (g, gradient.columns)
        var both: Tensor?
        if let factors, let projection {
            addMagnitudeGradient(g, gradient.columns, projection, factors, tape)
            if !isMerged {
                let copy = tape.arena.tensor(Shape(rows, 2 * outputs))
                tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
                    for line in row..<(row + count) {
                        (copy.base + line * copy.columns + outputs).update(
                            from: g + line * gradient.columns, count: outputs)
                    }
                }
                (slope, stride, both) = (copy.base, copy.columns, copy)
            }
            tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
                ck_scale_columns(
                    count, outputs, g + row * gradient.columns, gradient.columns, factors.base, slope + row * stride,
                    stride)
            }
        }
        let input = dropout.map { dropped(x, $0, tape) } ?? x
        let u = addAdapterGradients(slope, stride, input, tape)
        return isMerged ? nil : both ?? u
    }

    /// dx += drop(U·A), or for DoRA drop((c ∘ g)·V - g·W); nothing when merged.
    func addInputGradient(_ slopes: Tensor?, to target: Tensor, _ tape: Tape) {
        guard let slopes, let dropout else { return }
        let size = tape.rowsPerProduct(target.rows)
        let scratch = tape.arena.tensor(Shape(tape.pool.threadCount, size, inputs))
        let down = values(adapter.down, tape)
        let base = values(weight, tape)
        withKernelDropout(dropout) { dropout in
            tape.forBlocks(of: target.rows, size: size) { row, count, worker in
                let (s, dx) = (slopes.base + row * slopes.columns, scratch.base + worker * size * inputs)
                if let merged {
                    BLAS.multiply(
                        m: count, n: inputs, k: outputs, a: s, lda: slopes.columns, b: merged.base, ldb: inputs, c: dx,
                        ldc: inputs)
                    BLAS.multiply(
                        m: count, n: inputs, k: outputs, alpha: -1, a: s + outputs, lda: slopes.columns, b: base,
                        ldb: inputs, beta: 1, c: dx, ldc: inputs)
                } else {
                    BLAS.multiply(
                        m: count, n: inputs, k: adapter.rank, a: s, lda: slopes.columns, b: down, ldb: inputs, c: dx,
                        ldc: inputs)
                }
                if let dropout { ck_dropout_rows(dropout, row, count, inputs, dx) }
                ck_add(count * inputs, dx, target.base + row * inputs)
            }
        }
    }
}

extension AdapterBranch {
    private func values(_ parameter: Parameter, _ tape: Tape) -> UnsafeMutablePointer<Float> {
        tape.store.value(parameter).baseAddress!
    }

    /// x with elements dropped.
    private func dropped(_ x: Tensor, _ dropout: Dropout, _ tape: Tape) -> Tensor {
        let copy = tape.arena.tensor(x.shape)
        withKernelDropout(dropout) { dropout in
            tape.forBlocks(of: x.rows, size: Tape.rowsPerSum) { row, count, _ in
                let target = copy.base + row * inputs
                target.update(from: x.base + row * inputs, count: count * inputs)
                if let dropout { ck_dropout_rows(dropout, row, count, inputs, target) }
            }
        }
        return copy
    }

    /// target ← alpha · x·weightᵀ + beta · target
    private func multiply(
        _ x: Tensor, _ weight: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>, stride: Int,
        alpha: Float = 1, beta: Float = 0, tape: Tape
    ) {
        tape.forBlocks(of: x.rows, size: tape.rowsPerProduct(x.rows)) { row, count, _ in
            BLAS.multiply(
                m: count, n: outputs, k: inputs, alpha: alpha, a: x.base + row * inputs, lda: inputs, b: weight,
                ldb: inputs, transposeB: true, beta: beta, c: target + row * stride, ldc: stride)
        }
    }

    /// m / ‖V‖ and 1 / ‖V‖; with dropout also keeps V.
    private mutating func rowFactors(_ magnitude: Parameter, _ tape: Tape) -> Tensor {
        let factors = tape.arena.tensor(Shape(2, outputs))
        let merged = tape.arena.tensor(Shape(outputs, inputs))
        let length = values(magnitude, tape)
        tape.forBlocks(of: outputs, size: 64) { row, count, _ in
            let lines = merged.base + row * inputs
            adapter.addProduct(weight, of: tape.store, rows: row..<(row + count), to: lines)
            ck_row_norms(count, inputs, lines, factors.base + row)
            for output in row..<(row + count) {
                let norm = factors.base[output]
                factors.base[output] = length[output] / norm
                factors.base[outputs + output] = 1 / norm
            }
        }
        if !isMerged { self.merged = merged }
        return factors
    }

    /// dm = Σ over rows of g ∘ (x̃·Vᵀ) / ‖V‖, in blocks of columns.
    private func addMagnitudeGradient(
        _ g: UnsafePointer<Float>, _ stride: Int, _ projection: Tensor, _ factors: Tensor, _ tape: Tape
    ) {
        guard let magnitude = adapter.magnitude, let target = tape.store.gradient(magnitude)?.baseAddress else {
            return
        }
        let width = 64
        tape.pool.run((outputs + width - 1) / width) { task, _ in
            let first = task * width
            ck_add_column_dots(
                projection.rows, min(width, outputs - first), g + first, stride, projection.base + first, outputs,
                factors.base + outputs + first, target + first)
        }
    }

    /// Adds dA and dB from G, whose rows are `stride` floats apart.
    ///
    /// - Returns: U, (rows × rank).
    private func addAdapterGradients(
        _ slope: UnsafePointer<Float>, _ stride: Int, _ input: Tensor, _ tape: Tape
    ) -> Tensor {
        let (rows, rank) = (input.rows, adapter.rank)
        let (u, middle) = (tape.arena.tensor(Shape(rows, rank)), tape.arena.tensor(Shape(rows, rank)))
        let (down, up) = (values(adapter.down, tape), values(adapter.up, tape))
        tape.forBlocks(of: rows, size: tape.rowsPerProduct(rows)) { row, count, _ in
            BLAS.multiply(
                m: count, n: rank, k: outputs, alpha: adapter.scale, a: slope + row * stride, lda: stride, b: up,
                ldb: rank, c: u.base + row * rank, ldc: rank)
            BLAS.multiply(
                m: count, n: rank, k: inputs, alpha: adapter.scale, a: input.base + row * inputs, lda: inputs, b: down,
                ldb: inputs, transposeB: true, c: middle.base + row * rank, ldc: rank)
        }
        if let target = tape.store.gradient(adapter.up)?.baseAddress {
            tape.weightGradients.add(
                gradient: slope, stride: stride, outputs: outputs, x: middle.base, xStride: rank, inputs: rank,
                rows: rows, target: target)
        }
        if let target = tape.store.gradient(adapter.down)?.baseAddress {
            tape.weightGradients.add(
                gradient: u.base, stride: rank, outputs: rank, x: input.base, xStride: inputs, inputs: inputs,
                rows: rows, target: target)
        }
        tape.weightGradients.run(on: tape.pool)
        return u
    }
}
