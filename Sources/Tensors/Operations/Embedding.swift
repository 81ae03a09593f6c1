internal import CKernels

extension Tape {
    /// y = drop(norm(tokens[id] + types[type] + positions[position] + δ))
    ///
    /// - Parameters:
    ///   - batch: T tokens, each id, type and position within its table.
    ///   - parameters: the tables and the normalisation; without a table of types, the batch's types are not read.
    ///   - dropoutProbability: of an element of the result.
    ///   - perturbation: δ, (T × H), which gets its gradient; nil for none.
    /// - Returns: (T × H)
    public func embedding(
        _ batch: PackedBatch, _ parameters: EmbeddingParameters, dropoutProbability: Float,
        perturbation: EmbeddingPerturbation? = nil
    ) -> Value {
        let (rows, columns) = (batch.tokenCount, parameters.tokens.shape.columns)
        precondition(
            perturbation.map { $0.values.shape == [rows, columns] } ?? true,
            "embedding: (\(rows), \(columns)), perturbation \(perturbation?.values.shape ?? [])")
        let dropout = nextDropout(probability: dropoutProbability)
        let needsGradient = trains(parameters) || (isRecording && perturbation != nil)
        let y = arena.tensor(Shape(rows, columns))
        let sum = arena.tensor(Shape(needsGradient ? rows : pool.threadCount * Self.rowsPerSum, columns))
        let statistics = arena.tensor(Shape(2, rows))
        let tokenTable = store.value(parameters.tokens).baseAddress!
        let positionTable = store.value(parameters.positions).baseAddress! + parameters.positionOffset * columns
        let typeTable = parameters.types.flatMap { store.value($0).baseAddress }
        let norm = parameters.norm
        let (gamma, beta) = (store.value(norm.gamma).baseAddress!, store.value(norm.beta).baseAddress!)
        let delta = perturbation?.values.base
        batch.withIndices { tokens, types, positions in
            withKernelDropout(dropout) { dropout in
                forBlocks(of: rows, size: Self.rowsPerSum) { row, count, worker in
                    ck_embedding_norm(
                        row, count, columns, tokens + row, types + row, positions + row, tokenTable, typeTable,
                        positionTable, delta.map { $0 + row * columns }, gamma, beta, norm.epsilon, dropout,
                        sum.base + (needsGradient ? row : worker * Self.rowsPerSum) * columns,
                        y.base + row * columns, statistics.base + row, statistics.base + rows + row)
                }
            }
        }
        let result = value(y, needsGradient: needsGradient)
        if result.needsGradient {
            record(
                EmbeddingNode(
                    batch: batch, sum: sum, statistics: statistics, result: result.id, parameters: parameters,
                    dropout: dropout, perturbation: perturbation))
        }
        return result
    }
}

extension Tape {
    fileprivate func trains(_ parameters: EmbeddingParameters) -> Bool {
        trains(parameters.tokens, parameters.positions, parameters.types)
            || trains(parameters.norm.gamma, parameters.norm.beta)
    }
}

/// With g the gradient of y: the normalisation's gradient of drop(g), which is δ's, and each row of which is added to its
/// row in each table.
private struct EmbeddingNode: Node {
    let batch: PackedBatch
    let sum: Tensor
    let statistics: Tensor
    let result: Int
    let parameters: EmbeddingParameters
    let dropout: Dropout?
    let perturbation: EmbeddingPerturbation?

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (rows, columns) = (gradient.rows, gradient.columns)
        let norm = parameters.norm
        let needsNorm = tape.trains(norm.gamma, norm.beta)
        let parts = (rows + Tape.rowsPerSum - 1) / Tape.rowsPerSum
        let partials = tape.arena.zeros(Shape(parts, 2, columns))
        let gamma = tape.store.value(norm.gamma).baseAddress!
        withKernelDropout(dropout) { dropout in
            tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
                let (g, part) = (gradient.base + row * columns, partials.base + row / Tape.rowsPerSum * 2 * columns)
                if let dropout { ck_dropout_rows(dropout, row, count, columns, g) }
                ck_norm_backward(
                    count, columns, g, sum.base + row * columns, statistics.base + row,
                    statistics.base + rows + row, gamma, needsNorm ? part : nil, needsNorm ? part + columns : nil)
            }
        }
        tape.addPartialSums(partials, row: 0, to: norm.gamma)
        tape.addPartialSums(partials, row: 1, to: norm.beta)
        if let perturbation { perturbation.gradient.base.update(from: gradient.base, count: gradient.count) }
        batch.withIndices { tokens, types, positions in
            scatter(gradient, tokens, to: parameters.tokens, except: parameters.padding, tape)
            scatter(gradient, positions, to: parameters.positions, from: parameters.positionOffset, tape)
            if let table = parameters.types { scatter(gradient, types, to: table, tape) }
        }
    }

    private func scatter(
        _ gradient: Tensor, _ indices: UnsafePointer<Int32>, to table: Parameter, from offset: Int = 0,
        except padding: Int32? = nil, _ tape: Tape
    ) {
        guard let table = tape.store.gradient(table)?.baseAddress else { return }
        let (rows, columns, width) = (gradient.rows, gradient.columns, 64)
        let target = table + offset * columns
        tape.pool.run((columns + width - 1) / width) { task, _ in
            let first = task * width
            ck_scatter_add(
                rows, columns, first, min(width, columns - first), indices, padding ?? -1, gradient.base, target)
        }
    }
}

extension PackedBatch {
    /// Calls `body` with the addresses of token ids, token types and positions.
    fileprivate func withIndices(
        _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Void
    ) {
        tokens.withUnsafeBufferPointer { tokens in
            tokenTypes.withUnsafeBufferPointer { types in
                positions.withUnsafeBufferPointer { positions in
                    guard let tokens = tokens.baseAddress, let types = types.baseAddress,
                        let positions = positions.baseAddress
                    else { return }
                    body(tokens, types, positions)
                }
            }
        }
    }
}
