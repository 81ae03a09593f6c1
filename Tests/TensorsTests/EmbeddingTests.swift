import Testing

@testable import Tensors

struct EmbeddingTests {
    static let dropouts: [DropoutState?] = [nil, DropoutState(seed: 7, step: 3)]

    @Test(arguments: dropouts)
    func `embedding of tokens, positions and types`(dropout: DropoutState?) {
        let check = GradientCheck(
            [("tokens", [5, 6]), ("positions", [4, 6]), ("types", [2, 6]), ("gamma", [6]), ("beta", [6])],
            dropout: dropout)
        let batch = PackedBatch(
            sequences: [[1, 3, 3], [4], [1, 0, 2, 4]], tokenTypes: [[0, 0, 1], [1], [0, 1, 1, 1]])
        let parameters = EmbeddingParameters(
            tokens: check["tokens"], positions: check["positions"], types: check["types"],
            norm: NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5))
        for frozen in ["", "tokens", "gamma"] {
            check.store.setTrainable { $0.name != frozen }
            check.run(tolerance: 5e-3) { tape in tape.embedding(batch, parameters, dropoutProbability: 0.2) }
        }
    }

    @Test(arguments: dropouts)
    func `embedding without token types, at positions of the batch's own`(dropout: DropoutState?) {
        let check = GradientCheck(
            [("tokens", [5, 6]), ("positions", [9, 6]), ("gamma", [6]), ("beta", [6])], dropout: dropout)
        let parameters = EmbeddingParameters(
            tokens: check["tokens"], positions: check["positions"], types: nil,
            norm: NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5))
        let cut = PackedBatch(sequences: [[1, 3, 3], [4]], positions: [[0, 4, 8], [2]])
        check.run(tolerance: 5e-3) { tape in tape.embedding(cut, parameters, dropoutProbability: 0.2) }
        let shifted = EmbeddingParameters(
            tokens: check["tokens"], positions: check["positions"], positionOffset: 2, types: nil,
            norm: parameters.norm)
        let batch = PackedBatch(sequences: [[1, 3], [4]])
        check.run(tolerance: 5e-3) { tape in tape.embedding(batch, shifted, dropoutProbability: 0.2) }
    }

    /// δ and its gradient, by differences of δ itself.
    @Test(arguments: [true, false])
    func `a perturbation has its gradient, also over frozen embeddings`(isFrozen: Bool) {
        let check = GradientCheck(
            [("tokens", [5, 6]), ("positions", [4, 6]), ("gamma", [6]), ("beta", [6])],
            dropout: DropoutState(seed: 1, step: 2))
        check.store.setTrainable { _ in !isFrozen }
        let parameters = EmbeddingParameters(
            tokens: check["tokens"], positions: check["positions"], types: nil,
            norm: NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5))
        let batch = PackedBatch(sequences: [[1, 3, 0], [4]])
        let weights: [Float] = (0..<24).map { Float(($0 * 7) % 11) - 5 }
        let tape = Tape(store: check.store, pool: check.pool)
        let perturbation = EmbeddingPerturbation(tape, tokenCount: 4, width: 6)
        RandomNumbers.fill(
            UnsafeMutableBufferPointer(start: perturbation.values.base, count: 24), normalWithDeviation: 0.3, seed: 1,
            stream: 4)
        func loss() -> Value {
            tape.discard()
            tape.dropout = check.dropout
            return tape.weightedSum(
                tape.embedding(batch, parameters, dropoutProbability: 0.2, perturbation: perturbation), weights)
        }
        tape.backward(from: loss())
        let gradient = perturbation.gradient.elements
        #expect((check.store.gradientNorm(on: check.pool) == 0) == isFrozen)
        for index in 0..<24 {
            let kept = perturbation.values.base[index]
            perturbation.values.base[index] = kept + 5e-3
            let above = loss().tensor.base[0]
            perturbation.values.base[index] = kept - 5e-3
            let below = loss().tensor.base[0]
            perturbation.values.base[index] = kept
            #expect(abs(gradient[index] - (above - below) / 1e-2) < 0.05)
        }
        #expect(gradient.contains { abs($0) > 0.5 })
    }

    @Test func `an attack ascends by its step and stays within its radius`() {
        let store = ParameterStore([])
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 1))
        let perturbation = EmbeddingPerturbation(tape, tokenCount: 3, width: 2)
        for (index, slope) in [Float(3), 0, 0, 4, 0, 0].enumerated() { perturbation.gradient.base[index] = slope }
        perturbation.ascend(step: 0.5, radius: 1, offsets: [0, 2, 3])
        let first = perturbation.values.elements
        #expect(zip(first, [0.3, 0, 0, 0.4, 0, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
        for _ in 0..<4 { perturbation.ascend(step: 0.5, radius: 1, offsets: [0, 2, 3]) }
        #expect(zip(perturbation.values.elements, [0.6, 0, 0, 0.8, 0, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
        perturbation.randomize(radius: 0.1, offsets: [0, 2, 3], dropout: DropoutState(seed: 1, step: 1))
        let random = perturbation.values.elements
        #expect(random[0..<4].allSatisfy { abs($0) <= 0.05 } && random[4...].allSatisfy { abs($0) <= 0.0708 })
        #expect(Set(random).count == 6)
    }

    @Test func `the padding token's embedding has no gradient`() throws {
        let check = GradientCheck(
            [("tokens", [3, 4]), ("positions", [2, 4]), ("types", [1, 4]), ("gamma", [4]), ("beta", [4])])
        let tape = Tape(store: check.store, pool: check.pool)
        let output = tape.embedding(
            PackedBatch(sequences: [[0, 1]]),
            EmbeddingParameters(
                tokens: check["tokens"], positions: check["positions"], types: check["types"],
                norm: NormParameters(gamma: check["gamma"], beta: check["beta"], epsilon: 1e-5), padding: 0),
            dropoutProbability: 0)
        tape.backward(from: tape.weightedSum(output, (0..<8).map { Float($0 * $0) }))
        let gradient = try #require(check.store.gradient(check["tokens"]))
        #expect(gradient[0..<4].allSatisfy { $0 == 0 })
        #expect(gradient[4..<8].contains { $0 != 0 })
    }
}
