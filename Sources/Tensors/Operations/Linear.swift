internal import CKernels

extension Tape {
    /// y = x·Wᵀ + b, with any adapters of the layer.
    ///
    /// A decoder that is tied to an embedding is a layer whose weight is the embedding's table: both add to its gradient.
    ///
    /// - Parameters:
    ///   - x: (rows × inputs).
    ///   - layer: W (outputs × inputs), b (outputs) or none.
    ///   - addsBias: false leaves b to the next operation, which then owns its gradient.
    /// - Returns: (rows × outputs)
    public func linear(_ x: Value, _ layer: LinearParameters, addsBias: Bool = true) -> Value {
        if layer.isAdapted { return adaptedLinear(x, layer, addsBias: addsBias) }
        let (inputs, outputs) = (layer.inputs, layer.outputs)
        precondition(x.tensor.columns == inputs, "linear: x \(x.shape), W (\(outputs), \(inputs))")
        let y = arena.tensor(Shape(x.tensor.rows, outputs))
        multiply(x.tensor, layer, to: y, bias: addsBias ? layer.biases.first : nil)
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

    /// Few rows and many outputs (a vocabulary) are shared out by outputs, so that no thread packs all of W.
    private func multiply(_ x: Tensor, _ layer: LinearParameters, to y: Tensor, bias: Parameter?) {
        let (inputs, outputs) = (layer.inputs, layer.outputs)
        let weight = store.value(layer.weights[0]).baseAddress!
        let bias = bias.flatMap { store.value($0).baseAddress }
        func block(_ rows: Range<Int>, _ columns: Range<Int>) {
            let target = y.base + rows.lowerBound * outputs + columns.lowerBound
            BLAS.multiply(
                m: rows.count, n: columns.count, k: inputs, a: x.base + rows.lowerBound * inputs, lda: inputs,
                b: weight + columns.lowerBound * inputs, ldb: inputs, transposeB: true, c: target, ldc: outputs)
            guard let bias else { return }
            for row in 0..<rows.count {
                ck_add(columns.count, bias + columns.lowerBound, target + row * outputs)
            }
        }
        if outputs > 2 * y.rows, outputs >= 64 {
            let size = max(((outputs + 4 * pool.threadCount - 1) / (4 * pool.threadCount) + 15) / 16 * 16, 16)
            forBlocks(of: outputs, size: size) { first, count, _ in block(0..<y.rows, first..<(first + count)) }
        } else {
            forBlocks(of: y.rows, size: rowsPerProduct(y.rows)) { first, count, _ in
                block(first..<(first + count), 0..<outputs)
            }
        }
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
        tape.weightGradients.add(layer, gradient: gradient, x: saved, withBias: addsBias)
        tape.weightGradients.run(on: tape.pool)
    }
}
