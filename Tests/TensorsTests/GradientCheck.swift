import Testing

@testable import Tensors

/// Finite differences as the oracle of backward passes.
///
/// The scalar checked is Σ weights ∘ output with fixed random weights, so that every output element counts. Inputs are
/// themselves parameters that enter through ``Tape/read(_:)``.
struct GradientCheck {
    let store: ParameterStore
    let pool = ThreadPool(threadCount: 2)
    let dropout: DropoutState?

    /// Parameters of the given shapes with values N(0, 1) · deviation.
    init(_ shapes: [(String, Shape)], deviation: Float = 0.7, dropout: DropoutState? = nil) {
        store = ParameterStore(
            shapes.map { ParameterSpecification(name: $0.0, shape: $0.1, block: "test", decays: true) })
        RandomNumbers.fill(store.values.elements, normalWithDeviation: deviation, seed: 3, stream: 0)
        self.dropout = dropout
    }

    subscript(name: String) -> Parameter { store[name]! }

    func layer(_ name: String) -> LinearParameters {
        LinearParameters(weight: self[name + ".weight"], bias: self[name + ".bias"])
    }

    /// Σ weights ∘ output, in double precision.
    private func objective(_ output: Tensor) -> Double {
        zip(output.elements, weights(output.count)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private func weights(_ count: Int) -> [Float] {
        var weights = [Float](repeating: 0, count: count)
        weights.withUnsafeMutableBufferPointer {
            RandomNumbers.fill($0, normalWithDeviation: 1, seed: 5, stream: 1)
        }
        return weights
    }

    private func tape(recording: Bool) -> Tape {
        let tape = Tape(store: store, pool: pool)
        tape.dropout = dropout
        tape.isRecording = recording
        return tape
    }

    /// Compares the gradient of every trainable parameter with central differences.
    ///
    /// - Parameter tolerance: of a difference, relative to the largest gradient of the parameter.
    func run(
        step: Float = 1e-2, tolerance: Double = 2e-3, location: SourceLocation = #_sourceLocation,
        _ forward: (Tape) -> Value
    ) {
        store.zeroGradients(on: pool)
        let recording = tape(recording: true)
        let output = forward(recording)
        let seed = weights(output.tensor.count)
        let weighted = recording.weightedSum(output, seed)
        recording.backward(from: weighted)
        for parameter in store.parameters {
            guard let gradient = store.gradient(parameter) else { continue }
            let scale = max(gradient.map { Double(abs($0)) }.max() ?? 0, 1e-2)
            for (index, slope) in gradient.enumerated() {
                let expected = slopeByDifferences(parameter, index, step, forward)
                #expect(
                    abs(Double(slope) - expected) < tolerance * scale,
                    "\(parameter.name)[\(index)]: \(slope), by differences \(expected)", sourceLocation: location)
            }
        }
    }

    /// (f(x + h) - f(x - h)) / 2h, by Richardson's extrapolation from h and 2h.
    private func slopeByDifferences(
        _ parameter: Parameter, _ index: Int, _ step: Float, _ forward: (Tape) -> Value
    ) -> Double {
        let value = store.value(parameter)
        let kept = value[index]
        func slope(_ step: Float) -> Double {
            value[index] = kept + step
            let above = objective(forward(tape(recording: false)).tensor)
            let upper = value[index]
            value[index] = kept - step
            let below = objective(forward(tape(recording: false)).tensor)
            let width = Double(upper) - Double(value[index])
            value[index] = kept
            return (above - below) / width
        }
        return (4 * slope(step) - slope(2 * step)) / 3
    }
}

extension Tape {
    /// A parameter as a value, so that inputs of operations can be checked as parameters are.
    func read(_ parameter: Parameter) -> Value {
        let tensor = arena.tensor(parameter.shape)
        tensor.base.update(from: store.value(parameter).baseAddress!, count: tensor.count)
        let result = value(tensor, needsGradient: trains([parameter]))
        if result.needsGradient { record(ReadNode(parameter: parameter, result: result.id)) }
        return result
    }

    /// Σ weights ∘ x
    func weightedSum(_ x: Value, _ weights: [Float]) -> Value {
        let sum = arena.tensor([1])
        sum.base[0] = zip(x.tensor.elements, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let result = value(sum, needsGradient: x.needsGradient)
        if result.needsGradient {
            record(WeightedSumNode(x: x.id, shape: x.shape, weights: weights, result: result.id))
        }
        return result
    }
}

private struct ReadNode: Node {
    let parameter: Parameter
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result), let target = tape.store.gradient(parameter) else { return }
        for index in target.indices { target[index] += gradient.base[index] }
    }
}

private struct WeightedSumNode: Node {
    let x: Int
    let shape: Shape
    let weights: [Float]
    let result: Int

    func backward(_ tape: Tape) {
        guard let gradient = tape.takeGradient(result) else { return }
        let dx = tape.arena.tensor(shape)
        for (index, weight) in weights.enumerated() { dx.base[index] = weight * gradient.base[0] }
        tape.addGradient(dx, to: x)
    }
}
