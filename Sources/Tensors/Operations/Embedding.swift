internal import CKernels

extension Tape {
    /// y = drop(norm(tokens[id] + types[type] + positions[position]))
    ///
    /// - Parameters:
    ///   - batch: T tokens, each id, type and position within its table; all types 0 without a table of types.
    ///   - parameters: three tables and the normalisation.
    ///   - dropoutProbability: of an element of the result.
    /// - Returns: (T × H)
    public func embedding(_ batch: PackedBatch, _ parameters: EmbeddingParameters, dropoutProbability: Float) -> Value {
        let (rows, columns) = (batch.tokenCount, parameters.tokens.shape.columns)
        let dropout = nextDropout(probability: dropoutProbability)
        let needsGradient = trains(parameters.all)
        let y = arena.tensor([rows, columns])
        let sum = arena.tensor(needsGradient ? [rows, columns] : [pool.threadCount * Self.rowsPerSum, columns])
        let statistics = arena.tensor([2, rows])
        let tokenTable = store.value(parameters.tokens).baseAddress!
        let positionTable = store.value(parameters.positions).baseAddress! + parameters.positionOffset * columns
        let withoutTypes = arena.zeros([1, columns])
        let norm = parameters.norm
        let (gamma, beta) = (store.value(norm.gamma).baseAddress!, store.value(norm.beta).baseAddress!)
        batch.withIndices(tokens: batch.tokens) { tokens, types, positions in
            withKernelDropout(dropout) { dropout in
                forBlocks(of: rows, size: Self.rowsPerSum) { row, count, worker in
                    let typeTable = parameters.types.map { store.value($0).baseAddress! } ?? withoutTypes.base
                    ck_embedding_norm(
                        row, count, columns, tokens + row, types + row, positions + row, tokenTable, typeTable,
                        positionTable, gamma, beta, norm.epsilon, dropout,
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
                    dropout: dropout))
        }
        return result
    }
}

/// With g the gradient of y: the normalisation's gradient of drop(g), each row of which is added to its row in each table.
private struct EmbeddingNode: Node {
    let batch: PackedBatch
    let sum: Tensor
    let statistics: Tensor
    let result: Int
    let parameters: EmbeddingParameters
    let dropout: Dropout?

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (rows, columns) = (gradient.rows, gradient.columns)
        let norm = parameters.norm
        let parts = (rows + Tape.rowsPerSum - 1) / Tape.rowsPerSum
        let partials = tape.arena.zeros([parts, 2, columns])
        let gamma = tape.store.value(norm.gamma).baseAddress!
        withKernelDropout(dropout) { dropout in
            tape.forBlocks(of: rows, size: Tape.rowsPerSum) { row, count, _ in
                let (g, part) = (gradient.base + row * columns, partials.base + row / Tape.rowsPerSum * 2 * columns)
                if let dropout { ck_dropout_rows(dropout, row, count, columns, g) }
                ck_norm_backward(
                    count, columns, g, sum.base + row * columns, statistics.base + row,
                    statistics.base + rows + row, gamma, part, part + columns)
            }
        }
        tape.addPartialSums(partials, to: [norm.gamma, norm.beta])
        scatter(gradient, tape)
    }

    private func scatter(_ gradient: Tensor, _ tape: Tape) {
        let offset = parameters.positionOffset * gradient.columns
        let tables = [
            tape.store.gradient(parameters.tokens)?.baseAddress,
            parameters.types.flatMap { tape.store.gradient($0)?.baseAddress },
            tape.store.gradient(parameters.positions)?.baseAddress.map { $0 + offset },
        ]
        let (rows, columns, width) = (gradient.rows, gradient.columns, 64)
        let updated = batch.tokens.map { $0 == parameters.padding ? -1 : $0 }
        batch.withIndices(tokens: updated) { tokens, types, positions in
            let indices = [tokens, types, positions]
            tape.pool.run((columns + width - 1) / width) { task, _ in
                let first = task * width
                for (index, table) in zip(indices, tables) {
                    guard let table else { continue }
                    ck_scatter_add(rows, columns, first, min(width, columns - first), index, gradient.base, table)
                }
            }
        }
    }
}

extension PackedBatch {
    /// Calls `body` with the addresses of the given token ids, of token types and positions.
    fileprivate func withIndices(
        tokens: [Int32], _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Void
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
