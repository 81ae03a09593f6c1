import Testing

@testable import Tensors

struct OperationGradientTests {
    static let dropouts: [DropoutState?] = [nil, DropoutState(seed: 7, step: 3)]

    @Test func `linear, with an input that is used twice`() {
        let check = GradientCheck([("x", [5, 3]), ("a.weight", [4, 3]), ("a.bias", [4])])
        check.run { tape in tape.linear(tape.read(check["x"]), check.layer("a")) }
        let twice = GradientCheck([
            ("x", [5, 3]), ("a.weight", [3, 3]), ("a.bias", [3]), ("gamma", [3]), ("beta", [3]),
        ])
        let norm = NormParameters(gamma: twice["gamma"], beta: twice["beta"], epsilon: 1e-2)
        twice.run(tolerance: 5e-3) { tape in
            let x = tape.read(twice["x"])
            return tape.residualNorm(
                tape.linear(x, twice.layer("a"), addsBias: false), bias: twice["a.bias"], residual: x, norm: norm,
                dropoutProbability: 0)
        }
    }

    @Test func `linear over several layers as one, of which one is frozen`() {
        let check = GradientCheck([
            ("x", [6, 3]), ("a.weight", [2, 3]), ("b.weight", [3, 3]), ("c.weight", [4, 3]), ("a.bias", [2]),
            ("b.bias", [3]), ("c.bias", [4]),
        ])
        let layer = LinearParameters(
            weights: ["a", "b", "c"].map { check[$0 + ".weight"] }, biases: ["a", "b", "c"].map { check[$0 + ".bias"] })
        check.run { tape in tape.linear(tape.read(check["x"]), layer) }
        check.store.setTrainable { $0.name != "b.weight" && $0.name != "a.bias" }
        check.run { tape in tape.linear(tape.read(check["x"]), layer) }
    }

    @Test(arguments: Activation.allCases.filter { $0 != .relu })
    func `feed-forward`(activation: Activation) {
        let check = GradientCheck([
            ("x", [5, 3]), ("a.weight", [6, 3]), ("a.bias", [6]), ("b.weight", [2, 6]), ("b.bias", [2]),
        ])
        for frozen in ["", "x", "a.weight", "b.weight", "a"] {
            check.store.setTrainable { frozen.isEmpty || !$0.name.hasPrefix(frozen) }
            check.run { tape in
                tape.feedForward(
                    tape.read(check["x"]), first: check.layer("a"), second: check.layer("b"), activation: activation)
            }
        }
    }

    @Test(arguments: Activation.allCases.filter { $0 != .relu })
    func `bias and activation`(activation: Activation) {
        let check = GradientCheck([("x", [4, 5]), ("bias", [5])], deviation: 1.5)
        check.run { tape in tape.biasActivation(tape.read(check["x"]), bias: check["bias"], activation: activation) }
    }

    @Test func `the activation of a head that cuts off what is negative`() {
        let check = GradientCheck([("x", [4, 5]), ("bias", [5])], deviation: 0.5)
        // Away from 0, where ReLU has no slope.
        for (index, value) in check.store.values.elements.enumerated() {
            check.store.values.base[index] = value + (value < 0 ? -1 : 1)
        }
        check.store.value(check["bias"]).update(repeating: 0.2)
        check.run { tape in tape.biasActivation(tape.read(check["x"]), bias: check["bias"], activation: .relu) }
    }

    @Test(arguments: dropouts)
    func `residual and normalisation`(dropout: DropoutState?) {
        let check = GradientCheck(
            [("z", [5, 7]), ("r", [5, 7]), ("bias", [7]), ("gamma", [7]), ("beta", [7])], dropout: dropout)
        let norm = NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5)
        for frozen in ["", "z", "r", "gamma", "bias"] {
            check.store.setTrainable { $0.name != frozen }
            check.run(tolerance: 5e-3) { tape in
                tape.residualNorm(
                    tape.read(check["z"]), bias: check["bias"], residual: tape.read(check["r"]), norm: norm,
                    dropoutProbability: 0.3)
            }
        }
    }

    @Test func `normalisation by itself`() {
        let check = GradientCheck([("x", [5, 7]), ("gamma", [7]), ("beta", [7])])
        let norm = NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5)
        for frozen in ["", "x", "gamma"] {
            check.store.setTrainable { $0.name != frozen }
            check.run(tolerance: 5e-3) { tape in tape.layerNorm(tape.read(check["x"]), norm) }
        }
    }

    @Test(arguments: dropouts)
    func `attention within sequences of different lengths`(dropout: DropoutState?) {
        let check = GradientCheck([("qkv", [8, 12])], dropout: dropout)
        check.run { tape in
            let x = tape.read(check["qkv"])
            return tape.attention(
                queries: x, keysValues: x,
                layout: AttentionLayout(queryOffsets: [0, 3, 4, 8], keyOffsets: [0, 3, 4, 8], heads: 2),
                dropoutProbability: 0.2)
        }
    }

    @Test(arguments: dropouts)
    func `attention of few queries to many keys`(dropout: DropoutState?) {
        let check = GradientCheck([("q", [2, 6]), ("kv", [7, 12])], dropout: dropout)
        for frozen in ["", "q", "kv"] {
            check.store.setTrainable { $0.name != frozen }
            check.run { tape in
                tape.attention(
                    queries: tape.read(check["q"]), keysValues: tape.read(check["kv"]),
                    layout: AttentionLayout(queryOffsets: [0, 1, 2], keyOffsets: [0, 5, 7], heads: 3),
                    dropoutProbability: 0.2)
            }
        }
    }

    @Test(arguments: [SequencePooling.mean, .max])
    func `pooling of sequences`(pooling: SequencePooling) {
        let check = GradientCheck([("x", [7, 3])])
        check.run { tape in tape.pool(tape.read(check["x"]), offsets: [0, 4, 5, 7], by: pooling) }
    }

    @Test func `gathering rows`() {
        let check = GradientCheck([("x", [7, 3])])
        check.run { tape in tape.gatherRows(tape.read(check["x"]), [0, 4, 6]) }
    }

    @Test func `dropping elements of a value`() {
        let check = GradientCheck([("x", [3, 140])], dropout: DropoutState(seed: 1, step: 1))
        check.run { tape in tape.drop(tape.read(check["x"]), probability: 0.4) }
    }

    @Test func `gradients add up over backward passes`() throws {
        let check = GradientCheck([("x", [2, 3]), ("a.weight", [4, 3]), ("a.bias", [4])])
        func pass() {
            let tape = Tape(store: check.store, pool: check.pool)
            let y = tape.linear(tape.read(check["x"]), check.layer("a"))
            tape.backward(from: tape.weightedSum(y, (0..<8).map { Float($0) }))
        }
        pass()
        let once = Array(check.store.gradients.elements)
        pass()
        #expect(zip(check.store.gradients.elements, once).allSatisfy { abs($0 - 2 * $1) <= 1e-5 * abs($1) })
    }
}
