internal import CKernels

extension Tape {
    /// y = x·Wᵀ + b where some of the weights side by side have adapters (``LowRankAdapter``).
    ///
    /// An adapter without dropout is merged first: V = W + s·B·A costs as much as the product of a few rows, and then
    /// neither pass has a side branch over all rows: y = c ∘ x·Vᵀ with c = 1, or c = m / ‖V‖ for DoRA. With dropout, x̃
    /// being x with elements dropped, y = x·Wᵀ + s·(x̃·Aᵀ)·Bᵀ, or for DoRA y = (x - x̃)·Wᵀ + c ∘ x̃·Vᵀ, which is what
    /// peft computes. Measured for rank 8 beside two of three projections of width 384 and 4096 rows: merged, a pass
    /// forward costs as much as without adapters, and a pass backward half of training the weights; as a side branch with
    /// dropout they cost a sixth and a quarter more.
    func adaptedLinear(_ x: Value, _ layer: LinearParameters, addsBias: Bool) -> Value {
        let (inputs, outputs, rows) = (layer.inputs, layer.outputs, x.tensor.rows)
        precondition(x.tensor.columns == inputs, "linear: x \(x.shape), W (\(outputs), \(inputs))")
        var branches = adapterBranches(layer)
        let weight = effectiveWeight(layer, branches)
        let y = arena.tensor(Shape(rows, outputs))
        multiply(x.tensor, weight, to: y)
        for index in branches.indices { branches[index]?.forward(x.tensor, y, self) }
        if addsBias, let bias = layer.biases.first.flatMap({ store.value($0).baseAddress }) {
            forBlocks(of: rows, size: Self.rowsPerSum) { row, count, _ in
                ck_add_bias(count, outputs, y.base + row * outputs, bias)
            }
        }
        let biasesTrain = addsBias && trains(layer.biases)
        let adaptersTrain = layer.adapters.contains { adapter in
            adapter.map { trains($0.down, $0.up, $0.magnitude) } ?? false
        }
        let result = value(y, needsGradient: adaptersTrain || biasesTrain || x.needsGradient)
        if result.needsGradient {
            record(
                AdaptedLinearNode(
                    x: x, weight: weight, branches: branches, result: result.id, layer: layer,
                    addsBias: addsBias))
        }
        return result
    }

    /// The layer's adapters, each at the place of its weight, with the columns of y that are its own and its dropout.
    private func adapterBranches(_ layer: LinearParameters) -> AdapterBranches {
        var branches = AdapterBranches(repeating: nil)
        var column = 0
        for (index, weight) in layer.weights.enumerated() {
            if let adapter = layer.adapters[index] {
                precondition(!trains(weight), "\(weight.name) has an adapter and must be frozen")
                branches[index] = AdapterBranch(
                    adapter: adapter, weight: weight, column: column,
                    dropout: nextDropout(probability: adapter.dropoutProbability))
            }
            column += weight.shape.rows
        }
        return branches
    }

    /// W, with V in place of the weights whose adapters are merged; W itself when there are none.
    private func effectiveWeight(_ layer: LinearParameters, _ branches: AdapterBranches) -> AdaptedWeight {
        let base = store.value(layer.weights[0]).baseAddress!
        let inputs = layer.inputs
        guard branches.indices.contains(where: { branches[$0]?.isMerged ?? false }) else {
            return AdaptedWeight(base: base, storage: nil)
        }
        let copy = arena.tensor(Shape(layer.outputs, inputs))
        var first = 0
        for (index, weight) in layer.weights.enumerated() {
            let merged = branches[index].flatMap { $0.isMerged ? $0.adapter : nil }
            forBlocks(of: weight.shape.rows, size: 64) { row, count, _ in
                let target = copy.base + (first + row) * inputs
                if let merged {
                    merged.addProduct(weight, of: store, rows: row..<(row + count), to: target)
                } else {
                    target.update(from: base + (first + row) * inputs, count: count * inputs)
                }
            }
            first += weight.shape.rows
        }
        return AdaptedWeight(base: UnsafePointer(copy.base), storage: copy)
    }

    private func multiply(_ x: Tensor, _ weight: AdaptedWeight, to y: Tensor) {
        let (inputs, outputs) = (x.columns, y.columns)
        forBlocks(of: y.rows, size: rowsPerProduct(y.rows)) { first, count, _ in
            BLAS.multiply(
                m: count, n: outputs, k: inputs, a: x.base + first * inputs, lda: inputs, b: weight.base, ldb: inputs,
                transposeB: true, c: y.base + first * outputs, ldc: outputs)
        }
    }
}

/// Something for each adapter of a layer, in place: an array would ask for memory in every step.
private typealias PerAdapter<Element> = InlineArray<3, Element?>
private typealias AdapterBranches = PerAdapter<AdapterBranch>

/// The weight that an adapted layer multiplies by, (outputs × inputs).
struct AdaptedWeight {
    let base: UnsafePointer<Float>
    /// Keeps it, when it is not the store's.
    let storage: Tensor?
}

/// With g the gradient of y: dx = g·V and what branches with dropout add; db = Σ over rows of g; see ``AdapterBranch`` for
/// the adapters' own.
private struct AdaptedLinearNode: Node {
    let x: Value
    let weight: AdaptedWeight
    let branches: AdapterBranches
    let result: Int
    let layer: LinearParameters
    let addsBias: Bool

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        tape.weightGradients.add(layer, gradient: gradient, x: nil, withBias: addsBias)
        tape.weightGradients.run(on: tape.pool)
        let (inputs, outputs) = (layer.inputs, layer.outputs)
        let target = x.needsGradient ? tape.gradientTarget(x.id, x.shape) : nil
        // Branches with dropout need g as it came; merged ones then leave c ∘ g in its place.
        var slopes = PerAdapter<Tensor>(repeating: nil)
        for index in branches.indices { slopes[index] = branches[index]?.backward(x.tensor, gradient, tape) }
        guard let target else { return }
        tape.forBlocks(of: gradient.rows, size: tape.rowsPerProduct(gradient.rows)) { first, count, _ in
            BLAS.multiply(
                m: count, n: inputs, k: outputs, a: gradient.base + first * outputs, lda: outputs, b: weight.base,
                ldb: inputs, beta: target.beta, c: target.tensor.base + first * inputs, ldc: inputs)
        }
        for index in branches.indices { branches[index]?.addInputGradient(slopes[index], to: target.tensor, tape) }
    }
}
