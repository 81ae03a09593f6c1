internal import CKernels

extension Tape {
    /// z = f(x·W₁ᵀ + b₁)·W₂ᵀ; the bias of the second layer is left to the next operation.
    ///
    /// Works on blocks of rows so that the wide middle stays in the cache. Keeps only u = x·W₁ᵀ + b₁ of it: the
    /// backward pass recomputes f(u) at no cost, since it needs f′(u) anyway. A layer with an adapter takes the way of the
    /// single operations. For MiniLM and 32 × 128 tokens that way takes as long, but 904 instead of 782 MiB.
    ///
    /// - Parameters:
    ///   - x: (rows × inputs).
    ///   - first: W₁ (middle × inputs), b₁ (middle).
    ///   - second: W₂ (outputs × middle); its bias is not used.
    /// - Returns: (rows × outputs)
    public func feedForward(
        _ x: Value, first: LinearParameters, second: LinearParameters, activation: Activation
    ) -> Value {
        let (inputs, middle, outputs) = (first.inputs, first.outputs, second.outputs)
        precondition(x.tensor.columns == inputs && second.inputs == middle, "feedForward: x \(x.shape)")
        if first.isAdapted || second.isAdapted {
            let u = linear(x, first, addsBias: false)
            return linear(biasActivation(u, bias: first.biases[0], activation: activation), second, addsBias: false)
        }
        let z = arena.tensor(Shape(x.tensor.rows, outputs))
        let anyTrains = trains(first.weights) || trains(first.biases) || trains(second.weights)
        let result = value(z, needsGradient: anyTrains || x.needsGradient)
        let size = rowsPerProduct(z.rows)
        let scratch = arena.tensor(Shape(pool.threadCount, size, middle))
        let u =
            result.needsGradient
            ? arena.tensor(Shape(z.rows, middle)) : arena.tensor(Shape(pool.threadCount, size, middle))
        let weight1 = store.value(first.weights[0]).baseAddress!
        let bias1 = store.value(first.biases[0]).baseAddress!
        let weight2 = store.value(second.weights[0]).baseAddress!
        forBlocks(of: z.rows, size: size) { row, count, worker in
            let block = u.base + (result.needsGradient ? row : worker * size) * middle
            let activated = scratch.base + worker * size * middle
            BLAS.multiply(
                m: count, n: middle, k: inputs, a: x.tensor.base + row * inputs, lda: inputs, b: weight1, ldb: inputs,
                transposeB: true, c: block, ldc: middle)
            ck_bias_activation(activation.kernel, count, middle, block, bias1, activated)
            BLAS.multiply(
                m: count, n: outputs, k: middle, a: activated, lda: middle, b: weight2, ldb: middle, transposeB: true,
                c: z.base + row * outputs, ldc: outputs)
        }
        if result.needsGradient {
            record(
                FeedForwardNode(
                    x: x.id, xShape: x.shape, xNeedsGradient: x.needsGradient,
                    saved: trains(first.weights) ? x.tensor : nil, u: u, result: result.id, first: first,
                    second: second, activation: activation))
        }
        return result
    }
}

/// With g the gradient of z: du = (g·W₂) ∘ f′(u), dx = du·W₁, dW₂ = gᵀ·f(u), dW₁ = duᵀ·x, db₁ = Σ over rows of du.
private struct FeedForwardNode: Node {
    let x: Int
    let xShape: Shape
    let xNeedsGradient: Bool
    /// x itself, kept only when W₁ trains.
    let saved: Tensor?
    let u: Tensor
    let result: Int
    let first: LinearParameters
    let second: LinearParameters
    let activation: Activation

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let (inputs, middle, outputs) = (first.inputs, first.outputs, second.outputs)
        let size = tape.rowsPerProduct(gradient.rows)
        let keepsAll = tape.trains(first.weights) || tape.trains(first.biases)
        let du = keepsAll ? tape.arena.tensor(u.shape) : tape.arena.tensor(Shape(tape.pool.threadCount, size, middle))
        let target = xNeedsGradient ? tape.gradientTarget(x, xShape) : nil
        let weight1 = tape.store.value(first.weights[0]).baseAddress!
        let weight2 = tape.store.value(second.weights[0]).baseAddress!
        tape.forBlocks(of: gradient.rows, size: size) { row, count, worker in
            let block = du.base + (keepsAll ? row : worker * size) * middle
            BLAS.multiply(
                m: count, n: middle, k: outputs, a: gradient.base + row * outputs, lda: outputs, b: weight2,
                ldb: middle, c: block, ldc: middle)
            ck_activation_backward(activation.kernel, count * middle, u.base + row * middle, block)
            guard let target else { return }
            BLAS.multiply(
                m: count, n: inputs, k: middle, a: block, lda: middle, b: weight1, ldb: inputs, beta: target.beta,
                c: target.tensor.base + row * inputs, ldc: inputs)
        }
        tape.weightGradients.add(second, gradient: gradient, x: u, withBias: false)
        if keepsAll { tape.weightGradients.add(first, gradient: du, x: saved) }
        tape.weightGradients.run(on: tape.pool)
    }
}
