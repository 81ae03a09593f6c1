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

    @Test func `memory is flat over 2,000 steps`() {
        let store = makeStore()
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 1))
        let optimizer = AdamW(store)
        func step(_ number: Int) {
            tape.discard()
            tape.dropout = DropoutState(seed: 1, step: UInt64(number))
            // Two shapes in turn, as batches of different length.
            let rows = 4 + number % 2 * 4
            let x = tape.constant(tape.arena.zeros([rows, 4]))
            let u = tape.drop(tape.linear(x, layer(store, "a")), probability: 0.2)
            let y = tape.feedForward(u, first: layer(store, "a"), second: layer(store, "b"), activation: .gelu)
            let labels = (0..<Int32(rows)).map { $0 % 4 }
            tape.backward(from: tape.crossEntropy(y, labels: labels).value)
            optimizer.update(learningRate: 1e-3, gradientScale: 1, on: tape.pool)
            store.zeroGradients(on: tape.pool)
        }
        for number in 0..<4 { step(number) }
        let (peak, storages) = (tape.arena.peakCount, tape.arena.storageCount)
        for number in 4..<2004 { step(number) }
        #expect(tape.arena.peakCount == peak)
        #expect(tape.arena.storageCount == storages)
    }

    @Test func `nodes keep what they hold until they are walked, and no longer`() {
        final class Witness {}
        struct HoldingNode: Node {
            let witness: Witness
            let numbers: [Int]
            func backward(_ tape: Tape) { #expect(numbers.count == numbers[0]) }
        }
        let tape = Tape(store: makeStore(), pool: ThreadPool(threadCount: 1))
        weak var first: Witness?
        weak var last: Witness?
        func record(_ count: Int) -> Witness {
            let witness = Witness()
            tape.record(HoldingNode(witness: witness, numbers: Array(repeating: count, count: count)))
            return witness
        }
        // More than fit into the memory that the stack begins with.
        do {
            first = record(1)
            for count in 2...2000 { last = record(count) }
        }
        #expect(first != nil && last != nil)
        tape.backward(from: tape.constant(tape.arena.zeros([1])))
        #expect(first == nil && last == nil)
        first = record(3)
        #expect(first != nil)
        tape.discard()
        #expect(first == nil)
    }

    @Test func `a tensor outlives its arena`() {
        var arena: Arena? = Arena()
        let tensor = arena?.zeros([1000])
        arena = nil
        #expect(tensor?.elements == Array(repeating: 0, count: 1000))
    }
}
