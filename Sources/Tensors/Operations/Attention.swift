extension Tape {
    /// Scaled dot-product attention: for each sequence and head, o = drop(softmax(q·kᵀ / √d))·v.
    ///
    /// Scores live only in a thread's scratch memory; the backward pass computes them anew from the logarithm of each
    /// row's sum (Dao et al. 2022). Products of heads 32 wide reach about half of the rate of large ones; they are a tenth
    /// of the time of a small encoder's step.
    ///
    /// - Parameters:
    ///   - queries: (query rows × H), or (rows × 3H) holding queries, keys and values side by side.
    ///   - keysValues: (key rows × 2H), or the same value as `queries`.
    ///   - layout: rows of each sequence; each of the heads is d = H / heads wide.
    ///   - dropoutProbability: of an attention probability.
    /// - Returns: (query rows × H)
    public func attention(
        queries: Value, keysValues: Value, layout: AttentionLayout, dropoutProbability: Float
    ) -> Value {
        let isFused = queries.id == keysValues.id
        let width = isFused ? queries.tensor.columns / 3 : queries.tensor.columns
        precondition(
            isFused || keysValues.tensor.columns == 2 * width, "attention: keys and values \(keysValues.shape)")
        let output = arena.tensor(Shape(queries.tensor.rows, width))
        let logSums = arena.tensor(Shape(layout.heads, queries.tensor.rows))
        let pass = AttentionPass(
            layout: layout, width: width, queryStride: queries.tensor.columns,
            keyStride: keysValues.tensor.columns, keyColumn: isFused ? width : 0,
            dropout: nextDropout(probability: dropoutProbability))
        let scratch = arena.tensor(Shape(pool.threadCount, pass.scratchCount(matrices: 1)))
        pass.run(on: pool) { head, worker in
            pass.forward(
                head, queries: queries.tensor, keysValues: keysValues.tensor, output: output, logSums: logSums,
                scratch: scratch.base + worker * scratch.columns)
        }
        let result = value(output, needsGradient: queries.needsGradient || keysValues.needsGradient)
        if result.needsGradient {
            record(
                AttentionNode(
                    queries: queries, keysValues: keysValues, output: output, logSums: logSums, result: result.id,
                    pass: pass))
        }
        return result
    }
}

/// With p = softmax(q·kᵀ / √d), m the dropout factors and g the gradient of o: dv = (p∘m)ᵀ·g, dp = (g·vᵀ)∘m,
/// ds = p ∘ (dp - Σ g∘o) / √d, dq = ds·k, dk = dsᵀ·q.
private struct AttentionNode: Node {
    let queries: Value
    let keysValues: Value
    let output: Tensor
    let logSums: Tensor
    let result: Int
    let pass: AttentionPass

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let target = queries.needsGradient ? tape.gradientTarget(queries.id, queries.shape) : nil
        let keyTarget =
            queries.id == keysValues.id
            ? target : keysValues.needsGradient ? tape.gradientTarget(keysValues.id, keysValues.shape) : nil
        let scratch = tape.arena.tensor(Shape(tape.pool.threadCount, pass.scratchCount(matrices: 2)))
        pass.run(on: tape.pool) { head, worker in
            pass.backward(
                head, queries: queries.tensor, keysValues: keysValues.tensor, output: output, logSums: logSums,
                gradient: gradient, queryTarget: target, keyTarget: keyTarget,
                scratch: scratch.base + worker * scratch.columns)
        }
    }
}
