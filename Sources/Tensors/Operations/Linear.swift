internal import CKernels

extension Tape {
    /// y = x·Wᵀ + b
    ///
    /// - Parameters:
    ///   - x: (rows × inputs).
    ///   - layer: W (outputs × inputs), b (outputs).
    ///   - addsBias: false leaves b to the next operation, which then owns its gradient.
    /// - Returns: (rows × outputs)
    public func linear(_ x: Value, _ layer: LinearParameters, addsBias: Bool = true) -> Value {
        let (inputs, outputs) = (layer.inputs, layer.outputs)
        precondition(x.tensor.columns == inputs, "linear: x \(x.shape), W (\(outputs), \(inputs))")
        let y = arena.tensor([x.tensor.rows, outputs])
        let weight = store.value(layer.weights[0]).baseAddress!
        let bias = store.value(layer.biases[0]).baseAddress!
        forBlocks(of: y.rows, size: rowsPerProduct(y.rows)) { first, count, _ in
            let block = y.base + first * outputs
            BLAS.multiply(
                m: count, n: outputs, k: inputs, a: x.tensor.base + first * inputs, lda: inputs, b: weight,
                ldb: inputs, transposeB: true, c: block, ldc: outputs)
            if addsBias { ck_add_bias(count, outputs, block, bias) }
        }
        let weightsTrain = trains(layer.weights)
        let biasesTrain = addsBias && trains(layer.biases)
        let result = value(y, needsGradient: weightsTrain || biasesTrain || x.needsGradient)
        if result.needsGradient {
            let saved = weightsTrain ? x.tensor : nil
            record(
                LinearNode(
                    x: x.id, xShape: x.shape, xNeedsGradient: x.needsGradient, saved: saved, result: result.id,
                    layer: layer, addsBias: addsBias))
        }
        return result
    }
}

/// With g the gradient of y: dx = g·W, dW = gᵀ·x, db = Σ over rows of g.
private struct LinearNode: Node {
    let x: Int
    let xShape: Shape
    let xNeedsGradient: Bool
    /// x itself, kept only when W trains.
    let saved: Tensor?
    let result: Int
    let layer: LinearParameters
    let addsBias: Bool

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        if xNeedsGradient {
            let target = tape.gradientTarget(x, xShape)
            let (inputs, outputs) = (layer.inputs, layer.outputs)
            let weight = tape.store.value(layer.weights[0]).baseAddress!
            tape.forBlocks(of: gradient.rows, size: tape.rowsPerProduct(gradient.rows)) { first, count, _ in
                BLAS.multiply(
                    m: count, n: inputs, k: outputs, a: gradient.base + first * outputs, lda: outputs, b: weight,
                    ldb: inputs, beta: target.beta, c: target.tensor.base + first * inputs, ldc: inputs)
            }
        }
        var gradients = WeightGradients(tape)
        gradients.add(layer, gradient: gradient, x: saved, withBias: addsBias)
        gradients.run(on: tape.pool)
    }
}
