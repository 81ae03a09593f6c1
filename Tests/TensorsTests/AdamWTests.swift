import Testing

@testable import Tensors

struct AdamWTests {
    @Test func `updates are those of the definition, decay sparing what does not decay`() {
        let store = ParameterStore([
            ParameterSpecification(name: "a", shape: [3, 50], block: "", decays: true),
            ParameterSpecification(name: "frozen", shape: [9], block: "", decays: true),
            ParameterSpecification(name: "b", shape: [40], block: "", decays: false),
        ])
        RandomNumbers.fill(store.values.elements, normalWithDeviation: 1, seed: 1, stream: 0)
        store.setTrainable { $0.name != "frozen" }
        RandomNumbers.fill(store.gradients.elements, normalWithDeviation: 1, seed: 1, stream: 1)
        let pool = ThreadPool(threadCount: 2)
        let optimizer = AdamW(store, configuration: .init(weightDecay: 0.1))
        let frozen = Array(store.value(store["frozen"]!))
        var expected: [Double] = ["a", "b"].flatMap { store.value(store[$0]!).map(Double.init) }
        let gradients = store.gradients.elements.map { Double($0) * 0.5 }
        var (first, second) = ([Double](repeating: 0, count: 190), [Double](repeating: 0, count: 190))
        for step in 1...4 {
            optimizer.update(learningRate: 0.01, gradientScale: 0.5, on: pool)
            for i in 0..<190 {
                first[i] = 0.9 * first[i] + 0.1 * gradients[i]
                second[i] = 0.999 * second[i] + 0.001 * gradients[i] * gradients[i]
                let (c1, c2) = (1 - powi(0.9, step), 1 - powi(0.999, step))
                expected[i] -= 0.01 * (i < 150 ? 0.1 : 0) * expected[i]
                expected[i] -= 0.01 * (first[i] / c1) / ((second[i] / c2).squareRoot() + 1e-8)
            }
        }
        let found = ["a", "b"].flatMap { Array(store.value(store[$0]!)) }
        #expect(zip(found, expected).allSatisfy { abs(Double($0) - $1) < 2e-6 })
        #expect(Array(store.value(store["frozen"]!)) == frozen)
        #expect(optimizer.updateCount == 4)
    }

    private func powi(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { p, _ in p * base } }

    @Test func `the norm of gradients shows what is not finite, and where`() throws {
        let store = ParameterStore(
            ["a", "b"].map { ParameterSpecification(name: $0, shape: [70_000], block: "", decays: true) })
        let pool = ThreadPool(threadCount: 2)
        store.gradients.elements.update(repeating: 0.5)
        #expect(abs(store.gradientNorm(on: pool) - (140_000 * 0.25).squareRoot()) < 1e-9)
        #expect(store.firstNonFiniteGradient() == nil)
        store.gradients.base[69_999 + 1] = .infinity
        #expect(!store.gradientNorm(on: pool).isFinite)
        #expect(store.firstNonFiniteGradient()?.name == "b")
        store.zeroGradients(on: pool)
        #expect(store.gradientNorm(on: pool) == 0)
    }
}
