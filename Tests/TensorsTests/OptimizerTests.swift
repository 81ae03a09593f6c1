import Foundation
import Testing

@testable import Tensors

/// Every optimizer against the definition in double precision, and what all of them must respect.
struct OptimizerTests {
    enum Rule: CaseIterable {
        case adamW, sgd, momentum, nesterov, decoupledMomentum, lion, adafactor

        func make(_ store: ParameterStore) -> any Optimizer {
            switch self {
            case .adamW: AdamW(store, configuration: .init(weightDecay: 0.1))
            case .sgd: SGD(store, configuration: .init(momentum: 0, weightDecay: 0.1))
            case .momentum: SGD(store, configuration: .init(momentum: 0.8, weightDecay: 0.1))
            case .nesterov: SGD(store, configuration: .init(momentum: 0.8, nesterov: true, weightDecay: 0.1))
            case .decoupledMomentum:
                SGD(store, configuration: .init(momentum: 0.8, weightDecay: 0.1, decoupledDecay: true))
            case .lion: Lion(store, configuration: .init(weightDecay: 0.1))
            case .adafactor: Adafactor(store, configuration: .init(weightDecay: 0.1))
            }
        }
    }

    /// One parameter by the definition.
    private struct Oracle {
        var w: [Double]
        var m: [Double]
        var v: [Double]
        var rows: [Double]
        var columns: [Double]
        var count = 0
        let shape: Shape
        let decay: Double

        init(_ values: [Float], _ shape: Shape, decay: Double) {
            w = values.map(Double.init)
            m = w.map { _ in 0 }
            v = m
            rows = Array(repeating: 0, count: shape.rows)
            columns = Array(repeating: 0, count: shape.columns)
            self.shape = shape
            self.decay = decay
        }

        mutating func update(_ rule: Rule, _ g: [Double], rate: Double) {
            count += 1
            switch rule {
            case .adafactor: adafactor(g, rate)
            default: for i in w.indices { update(rule, i, g[i], rate) }
            }
        }

        private mutating func update(_ rule: Rule, _ i: Int, _ g: Double, _ rate: Double) {
            let t = Double(count)
            switch rule {
            case .adamW:
                m[i] = 0.9 * m[i] + 0.1 * g
                v[i] = 0.999 * v[i] + 0.001 * g * g
                w[i] -= rate * decay * w[i]
                w[i] -= rate * (m[i] / (1 - pow(0.9, t))) / ((v[i] / (1 - pow(0.999, t))).squareRoot() + 1e-8)
            case .sgd: w[i] -= rate * (g + decay * w[i])
            case .momentum:
                m[i] = 0.8 * m[i] + (g + decay * w[i])
                w[i] -= rate * m[i]
            case .nesterov:
                let own = g + decay * w[i]
                m[i] = 0.8 * m[i] + own
                w[i] -= rate * (own + 0.8 * m[i])
            case .decoupledMomentum:
                m[i] = 0.8 * m[i] + g
                w[i] -= rate * decay * w[i]
                w[i] -= rate * m[i]
            case .lion:
                let direction = 0.9 * m[i] + 0.1 * g
                m[i] = 0.99 * m[i] + 0.01 * g
                w[i] -= rate * decay * w[i]
                w[i] -= rate * (direction > 0 ? 1 : direction < 0 ? -1 : 0)
            case .adafactor: break
            }
        }

        private mutating func adafactor(_ g: [Double], _ rate: Double) {
            let beta = 1 - pow(Double(count), -0.8)
            var update: [Double]
            if shape.extents.count == 1 {
                for i in w.indices { v[i] = beta * v[i] + (1 - beta) * (g[i] * g[i] + 1e-30) }
                update = w.indices.map { g[$0] / v[$0].squareRoot() }
            } else {
                let width = columns.count
                for r in rows.indices {
                    let mean = (0..<width).reduce(0) { $0 + g[r * width + $1] * g[r * width + $1] } / Double(width)
                    rows[r] = beta * rows[r] + (1 - beta) * mean
                }
                for c in columns.indices {
                    let mean =
                        rows.indices.reduce(0) { $0 + g[$1 * width + c] * g[$1 * width + c] } / Double(rows.count)
                    columns[c] = beta * columns[c] + (1 - beta) * mean
                }
                let mean = rows.reduce(0, +) / Double(rows.count)
                update = w.indices.map { g[$0] / (rows[$0 / width] / mean * columns[$0 % width]).squareRoot() }
            }
            let rms = (update.reduce(0) { $0 + $1 * $1 } / Double(update.count)).squareRoot()
            for i in w.indices {
                w[i] -= rate * decay * w[i]
                w[i] -= rate * update[i] / max(1, rms)
            }
        }
    }

    private func makeStore(seed: UInt64 = 1) -> ParameterStore {
        let store = ParameterStore([
            ParameterSpecification(name: "a", shape: [300, 250], block: "low", decays: true),
            ParameterSpecification(name: "frozen", shape: [9], block: "low", decays: true),
            ParameterSpecification(name: "b", shape: [40], block: "high", decays: false),
            ParameterSpecification(name: "c", shape: [3, 7], block: "high", decays: true),
        ])
        RandomNumbers.fill(store.values.elements, normalWithDeviation: 1, seed: seed, stream: 0)
        store.setTrainable { $0.name != "frozen" }
        return store
    }

    @Test(arguments: Rule.allCases)
    func `updates are those of the definition, with factors, decay and rest`(rule: Rule) {
        let store = makeStore()
        let pool = ThreadPool(threadCount: 2)
        let optimizer = rule.make(store)
        let trainable = store.parameters.filter(\.isTrainable)
        var oracles = trainable.map { parameter in
            Oracle(Array(store.value(parameter)), parameter.shape, decay: parameter.decays ? 0.1 : 0)
        }
        let frozen = Array(store.value(store["frozen"]!))
        for step in 0..<5 {
            // "b" rests for two steps, "c" has its own rate.
            store.setLearningRateFactors { $0.name == "b" && step < 2 ? 0 : $0.name == "c" ? 0.5 : 1 }
            RandomNumbers.fill(store.gradients.elements, normalWithDeviation: 1, seed: 2, stream: UInt64(step))
            for (index, parameter) in trainable.enumerated() {
                let factor = Double(store.parameters[parameter.index].learningRateFactor)
                guard factor > 0, let gradient = store.gradient(parameter) else { continue }
                oracles[index].update(rule, gradient.map { Double($0) * 0.5 }, rate: 0.01 * factor)
            }
            optimizer.update(learningRate: 0.01, gradientScale: 0.5, on: pool)
        }
        #expect(optimizer.updateCount == 5)
        #expect(Array(store.value(store["frozen"]!)) == frozen)
        for (oracle, parameter) in zip(oracles, trainable) {
            let worst = zip(store.value(parameter), oracle.w).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
            #expect(worst < 5e-6, "\(parameter.name)")
        }
    }

    @Test(arguments: Rule.allCases)
    func `state carried to another optimizer goes on bit for bit`(rule: Rule) {
        let (first, second) = (makeStore(), makeStore())
        let pool = ThreadPool(threadCount: 2)
        func run(_ optimizer: any Optimizer, _ store: ParameterStore, _ steps: Range<Int>) {
            for step in steps {
                store.setLearningRateFactors { $0.name == "b" && step < 2 ? 0 : 1 }
                RandomNumbers.fill(store.gradients.elements, normalWithDeviation: 1, seed: 2, stream: UInt64(step))
                optimizer.update(learningRate: 0.01, gradientScale: 1, on: pool)
            }
        }
        let whole = rule.make(first)
        run(whole, first, 0..<6)
        let stopped = rule.make(second)
        run(stopped, second, 0..<3)
        let resumed = rule.make(second)
        resumed.updateCount = stopped.updateCount
        #expect(resumed.state.map(\.name) == stopped.state.map(\.name))
        #expect(resumed.state.map(\.shape) == stopped.state.map(\.shape))
        for (target, source) in zip(resumed.state, stopped.state) {
            #expect(source.shape.count == source.elements.count)
            _ = target.elements.update(fromContentsOf: source.elements)
        }
        run(resumed, second, 3..<6)
        #expect(Array(first.values.elements) == Array(second.values.elements))
        #expect(whole.updateCount == resumed.updateCount)
    }

    @Test func `Adafactor keeps rows and columns of a matrix only`() {
        let state = Adafactor(makeStore()).state
        #expect(
            state.map(\.name) == [
                "row_moment.a", "column_moment.a", "second_moment.b", "row_moment.c", "column_moment.c", "updates",
            ])
        #expect(state.map(\.shape) == [[300], [250], [40], [3], [7], [4]])
    }

    @Test func `what rests is pruned and keeps its place`() {
        let store = makeStore()
        let place = store["b"]?.gradientRange
        store.setLearningRateFactors { $0.block == "high" ? 0 : 1 }
        #expect(store.gradient(store["b"]!) == nil)
        #expect(store["b"]?.gradientRange == place && store["b"]?.isTrainable == true && store["b"]?.isUpdated == false)
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 1))
        #expect(!tape.trains([store["b"]!]) && tape.trains([store["a"]!]))
        store.setLearningRateFactors { _ in 1 }
        #expect(store.gradient(store["b"]!)?.count == 40)
    }

    @Test func `the starting point pulls what it is to pull`() {
        let store = makeStore()
        let pool = ThreadPool(threadCount: 2)
        let penalty = StartingPointPenalty(store, coefficient: 0.3) { $0.block == "low" }
        #expect(penalty.value == 0)
        #expect(penalty.state.map(\.name) == ["starting_weight.a"])
        for name in ["a", "b"] { store.value(store[name]!)[2] += 2 }
        #expect(abs(penalty.value - 0.6) < 1e-6)
        penalty.addGradients(scale: 2, on: pool)
        #expect(abs((store.gradient(store["a"]!)?[2] ?? 0) - 1.2) < 1e-6)
        #expect(store.gradients.elements.count { $0 != 0 } == 1)
    }

    @Test func `the average of the weights warms up, and changes places with them`() throws {
        let store = makeStore()
        let pool = ThreadPool(threadCount: 2)
        let start = store.value(store["a"]!)[0]
        let average = WeightAverage(store, decay: 0.5)
        let frozen = store.value(store["frozen"]!)[0]
        var expected = Double(start)
        for step in 0..<12 {
            store.value(store["a"]!)[0] += 1
            let keep = min(0.5, Double(1 + step) / Double(10 + step))
            expected = keep * expected + (1 - keep) * Double(store.value(store["a"]!)[0])
            average.update(on: pool)
        }
        let last = store.value(store["a"]!)[0]
        average.swap(on: pool)
        #expect(average.isSwappedIn)
        #expect(abs(Double(store.value(store["a"]!)[0]) - expected) < 1e-5)
        #expect(store.value(store["frozen"]!)[0] == frozen)
        average.swap(on: pool)
        #expect(store.value(store["a"]!)[0] == last && !average.isSwappedIn)
        #expect(average.state.map(\.name) == ["average.a", "average.b", "average.c"])
        #expect(average.updateCount == 12)
    }
}
