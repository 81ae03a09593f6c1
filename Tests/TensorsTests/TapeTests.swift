import Testing

@testable import Tensors

struct TapeTests {
    private func makeStore() -> ParameterStore {
        let store = ParameterStore([
            ParameterSpecification(name: "a.weight", shape: [4, 4], block: "a", decays: true),
            ParameterSpecification(name: "a.bias", shape: [4], block: "a", decays: false),
            ParameterSpecification(name: "b.weight", shape: [4, 4], block: "b", decays: true),
            ParameterSpecification(name: "b.bias", shape: [4], block: "b", decays: false),
        ])
        RandomNumbers.fill(store.values.elements, normalWithDeviation: 1, seed: 1, stream: 0)
        return store
    }

    private func layer(_ store: ParameterStore, _ name: String) -> LinearParameters {
        LinearParameters(weight: store[name + ".weight"]!, bias: store[name + ".bias"]!)
    }

    @Test func `nothing below the lowest trainable parameter is recorded or kept`() {
        let store = makeStore()
        store.setTrainable { $0.block == "b" }
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 1))
        let x = tape.constant(tape.arena.zeros([8, 4]))
        let lower = tape.linear(x, layer(store, "a"))
        #expect(!lower.needsGradient)
        #expect(tape.linear(lower, layer(store, "b")).needsGradient)
        tape.isRecording = false
        #expect(!tape.linear(lower, layer(store, "b")).needsGradient)
    }

    @Test func `a step leaves no memory in use`() {
        let store = makeStore()
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 2))
        func step() {
            let x = tape.constant(tape.arena.zeros([8, 4]))
            let y = tape.feedForward(x, first: layer(store, "a"), second: layer(store, "b"), activation: .gelu)
            tape.backward(from: tape.crossEntropy(y, labels: [0, 1, 2, 3, 0, 1, 2, 3], smoothing: 0).value)
        }
        step()
        let (peak, base) = (tape.arena.peakCount, tape.arena.tensor([1]).base)
        for _ in 0..<5 { step() }
        #expect(tape.arena.peakCount == peak)
        #expect(tape.arena.tensor([1]).base == base)
    }
}
