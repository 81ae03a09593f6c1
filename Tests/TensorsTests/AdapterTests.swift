import Testing

@testable import Tensors

struct AdapterTests {
    static let dropouts: [DropoutState?] = [nil, DropoutState(seed: 7, step: 3)]

    /// Three projections side by side, the first and last of them adapted.
    private func makeCheck(dora: Bool, dropout: DropoutState?) -> (check: GradientCheck, layer: LinearParameters) {
        let check = GradientCheck(
            [
                ("x", [6, 5]), ("q.weight", [4, 5]), ("k.weight", [3, 5]), ("v.weight", [6, 5]), ("q.bias", [4]),
                ("k.bias", [3]), ("v.bias", [6]), ("q.down", [2, 5]), ("q.up", [4, 2]), ("q.magnitude", [4]),
                ("v.down", [3, 5]), ("v.up", [6, 3]), ("v.magnitude", [6]),
            ], dropout: dropout)
        func adapter(_ name: String, dora: Bool, dropout: Float) -> LowRankAdapter {
            LowRankAdapter(
                down: check[name + ".down"], up: check[name + ".up"],
                magnitude: dora ? check[name + ".magnitude"] : nil,
                scale: 1.5, dropoutProbability: dropout)
        }
        check.store.setTrainable { !$0.name.hasSuffix("weight") && (dora || !$0.name.hasSuffix("magnitude")) }
        let layer = LinearParameters(
            weights: ["q", "k", "v"].map { check[$0 + ".weight"] },
            biases: ["q", "k", "v"].map { check[$0 + ".bias"] },
            adapters: [adapter("q", dora: dora, dropout: 0.3), nil, adapter("v", dora: false, dropout: 0.4)])
        return (check, layer)
    }

    @Test(arguments: dropouts)
    func `low-rank adapters on some of several layers`(dropout: DropoutState?) {
        let (check, layer) = makeCheck(dora: false, dropout: dropout)
        check.run { tape in tape.linear(tape.read(check["x"]), layer) }
        check.store.setTrainable { $0.name.hasPrefix("v.up") || $0.name == "q.down" }
        check.run { tape in tape.linear(tape.read(check["x"]), layer) }
        check.store.setTrainable { $0.name == "x" || $0.name == "v.down" }
        check.run { tape in tape.linear(tape.read(check["x"]), layer, addsBias: false) }
    }

    /// The norm is a constant in DoRA's backward pass, so that differences must be taken with it held fixed: of the
    /// magnitude, the input and the bias they can be taken as they are.
    @Test(arguments: dropouts)
    func `magnitudes of DoRA, and the input below them`(dropout: DropoutState?) {
        let (check, layer) = makeCheck(dora: true, dropout: dropout)
        check.store.setTrainable { ["x", "q.magnitude", "q.bias", "v.up", "v.down"].contains($0.name) }
        check.run(tolerance: 5e-3) { tape in tape.linear(tape.read(check["x"]), layer) }
    }

    @Test(arguments: [Float(0), 0.5])
    func `A and B of DoRA have the gradients of LoRA times m over the norm`(probability: Float) throws {
        let names = ["a", "b"]
        let check = GradientCheck(
            [
                ("x", [6, 5]), ("weight", [4, 5]), ("bias", [4]), ("down", [2, 5]), ("up", [4, 2]), ("magnitude", [4]),
            ],
            dropout: DropoutState(seed: 1, step: 0))
        check.store.setTrainable { ["down", "up"].contains($0.name) }
        let seed: [Float] = (0..<24).map { Float($0 % 7) - 3 }
        var factors = [Float](repeating: 1, count: 4)
        let gradients = names.map { name in
            let adapter = LowRankAdapter(
                down: check["down"], up: check["up"], magnitude: name == "b" ? check["magnitude"] : nil, scale: 0.8,
                dropoutProbability: probability)
            if name == "b" {
                adapter.resetMagnitude(check["weight"], of: check.store)
                let norms = Array(check.store.value(check["magnitude"]))
                for index in 0..<4 {
                    check.store.value(check["magnitude"])[index] *= Float(index + 1)
                    factors[index] = check.store.value(check["magnitude"])[index] / norms[index]
                }
            }
            let layer = LinearParameters(weight: check["weight"], bias: check["bias"], adapter: adapter)
            let tape = Tape(store: check.store, pool: check.pool)
            tape.dropout = check.dropout
            check.store.zeroGradients(on: check.pool)
            let y = tape.linear(tape.read(check["x"]), layer)
            // c ∘ g into LoRA gives what g gives in DoRA.
            let weights = name == "a" ? seed.enumerated().map { $1 * Float($0 % 4 + 1) } : seed
            tape.backward(from: tape.weightedSum(y, weights))
            return Array(check.store.gradients.elements)
        }
        #expect(zip(factors, 1...4).allSatisfy { abs($0 - Float($1)) < 1e-5 })
        #expect(zip(gradients[0], gradients[1]).allSatisfy { abs($0 - $1) < 1e-4 * (1 + abs($1)) })
        #expect(gradients[0].contains { abs($0) > 0.1 })
    }

    @Test(arguments: [false, true])
    func `a merged weight gives what the adapter gives`(dora: Bool) {
        let (check, layer) = makeCheck(dora: dora, dropout: nil)
        let tape = Tape(store: check.store, pool: check.pool)
        let adapted = tape.linear(tape.read(check["x"]), layer).tensor.elements
        for (weight, adapter) in zip(layer.weights, layer.adapters) {
            guard let adapter else { continue }
            var merged = [Float](repeating: 0, count: weight.count)
            merged.withUnsafeMutableBufferPointer { adapter.merge(weight, of: check.store, into: $0) }
            for (index, value) in merged.enumerated() { check.store.value(weight)[index] = value }
        }
        let plain = LinearParameters(weights: layer.weights, biases: layer.biases)
        let found = tape.linear(tape.read(check["x"]), plain).tensor.elements
        #expect(zip(adapted, found).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($1)) })
    }

    @Test func `new magnitudes leave the layer as it is`() {
        let (check, layer) = makeCheck(dora: true, dropout: nil)
        check.store.value(check["q.up"]).update(repeating: 0)
        check.store.value(check["v.up"]).update(repeating: 0)
        layer.adapters[0]?.resetMagnitude(layer.weights[0], of: check.store)
        let tape = Tape(store: check.store, pool: check.pool)
        let adapted = tape.linear(tape.read(check["x"]), layer).tensor.elements
        let plain = LinearParameters(weights: layer.weights, biases: layer.biases)
        let found = tape.linear(tape.read(check["x"]), plain).tensor.elements
        #expect(zip(adapted, found).allSatisfy { abs($0 - $1) < 1e-5 * (1 + abs($1)) })
    }

    @Test(arguments: ["a", "b", "ab"])
    func `feed-forward with adapters`(adapted: String) {
        let check = GradientCheck([
            ("x", [5, 3]), ("a.weight", [6, 3]), ("a.bias", [6]), ("b.weight", [2, 6]), ("b.bias", [2]),
            ("a.down", [2, 3]), ("a.up", [6, 2]), ("b.down", [2, 6]), ("b.up", [2, 2]),
        ])
        check.store.setTrainable { !$0.name.hasSuffix("weight") }
        func layer(_ name: String) -> LinearParameters {
            LinearParameters(
                weight: check[name + ".weight"], bias: check[name + ".bias"],
                adapter: adapted.contains(name)
                    ? LowRankAdapter(down: check[name + ".down"], up: check[name + ".up"], scale: 2) : nil)
        }
        check.run { tape in
            tape.feedForward(tape.read(check["x"]), first: layer("a"), second: layer("b"), activation: .gelu)
        }
    }
}
