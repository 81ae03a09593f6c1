import Foundation
import Testing

@testable import Tensors

struct LossTests {
    private func softmax(_ row: [Double]) -> [Double] {
        let sum = row.reduce(0) { $0 + exp($1) }
        return row.map { exp($0) / sum }
    }

    private func rows(_ check: GradientCheck, _ name: String) -> [[Double]] {
        let parameter = check[name]
        let values = check.store.value(parameter).map(Double.init)
        return (0..<parameter.shape.rows).map {
            Array(values[($0 * parameter.shape.columns)..<(($0 + 1) * parameter.shape.columns)])
        }
    }

    @Test(arguments: [Float(0), 0.2])
    func `cross-entropy is the mean of -log p, weighted and over a given number of items`(smoothing: Float) {
        let check = GradientCheck([("logits", [4, 5])], deviation: 2)
        let labels: [Int32] = [0, 4, 2, 2]
        let weights: [Float] = [1, 0.5, 0, 3]
        let losses = zip(rows(check, "logits"), labels).map { row, label in
            let p = softmax(row)
            return -(0..<5).reduce(0) { sum, c in
                sum + ((c == Int(label) ? 1 - Double(smoothing) : 0) + Double(smoothing) / 5) * log(p[c])
            }
        }
        let tape = Tape(store: check.store, pool: check.pool)
        let plain = tape.crossEntropy(tape.read(check["logits"]), labels: labels, smoothing: smoothing)
        #expect(abs(Double(plain.total) - losses.reduce(0, +) / 4) < 1e-6)
        #expect(zip(plain.rows.elements, losses).allSatisfy { abs(Double($0) - $1) < 1e-6 })
        let weighted = zip(losses, weights).reduce(0) { $0 + $1.0 * Double($1.1) }
        let mean = tape.crossEntropy(
            tape.read(check["logits"]), labels: labels, smoothing: smoothing, rowWeights: weights)
        #expect(abs(Double(mean.total) - weighted / 4.5) < 1e-6)
        let part = tape.crossEntropy(
            tape.read(check["logits"]), labels: labels, smoothing: smoothing, rowWeights: weights, items: 9)
        #expect(abs(Double(part.total) - weighted / 9) < 1e-6)
        check.run { tape in
            tape.crossEntropy(
                tape.read(check["logits"]), labels: labels, smoothing: smoothing, rowWeights: weights, items: 9
            ).value
        }
    }

    @Test(arguments: [Float(0), 0.1])
    func `cross-entropy over a vocabulary agrees with that over distributions`(smoothing: Float) {
        let check = GradientCheck([("logits", [3, 700])], deviation: 4)
        let labels: [Int32] = [0, 699, 350]
        var targets = [Float](repeating: smoothing / 700, count: 2100)
        for (row, label) in labels.enumerated() { targets[row * 700 + Int(label)] += 1 - smoothing }
        let tape = Tape(store: check.store, pool: check.pool)
        let wide = tape.crossEntropy(
            tape.read(check["logits"]), labels: labels, smoothing: smoothing, items: 5, overwritesLogits: true)
        let losses = wide.rows.elements
        tape.backward(from: wide.value)
        let gradient = Array(check.store.gradients.elements)
        check.store.zeroGradients(on: check.pool)
        let exact = tape.crossEntropy(tape.read(check["logits"]), targets: targets, items: 5)
        #expect(zip(losses, exact.rows.elements).allSatisfy { abs($0 - $1) < 2e-6 * abs($1) })
        tape.backward(from: exact.value)
        #expect(zip(gradient, check.store.gradients.elements).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func `cross-entropy against distributions`() {
        let check = GradientCheck([("logits", [3, 4])], deviation: 2)
        let targets: [Float] = [0.1, 0.2, 0.3, 0.4, 1, 0, 0, 0, 0.5, 0.25, 0.125, 0.125]
        let tape = Tape(store: check.store, pool: check.pool)
        let loss = tape.crossEntropy(tape.read(check["logits"]), targets: targets)
        for (row, logits) in rows(check, "logits").enumerated() {
            let p = softmax(logits)
            let expected = -(0..<4).reduce(0) { $0 + Double(targets[row * 4 + $1]) * log(p[$1]) }
            #expect(abs(Double(loss.rows.base[row]) - expected) < 1e-6)
        }
        check.run { tape in
            tape.crossEntropy(tape.read(check["logits"]), targets: targets, rowWeights: [1, 2, 0.5], items: 2).value
        }
    }

    @Test(arguments: [nil, [Float(1), 3, 0.5]])
    func `binary cross-entropy`(positive: [Float]?) {
        let check = GradientCheck([("logits", [2, 3])], deviation: 2)
        let targets: [Float] = [1, 0, 0.25, 0, 1, 1]
        let tape = Tape(store: check.store, pool: check.pool)
        let loss = tape.binaryCrossEntropy(tape.read(check["logits"]), targets: targets, positiveWeights: positive)
        for (row, logits) in rows(check, "logits").enumerated() {
            let expected = (0..<3).reduce(0.0) { sum, c in
                let (p, t) = (1 / (1 + exp(-logits[c])), Double(targets[row * 3 + c]))
                return sum - Double(positive?[c] ?? 1) * t * log(p) - (1 - t) * log(1 - p)
            }
            #expect(abs(Double(loss.rows.base[row]) - expected / 3) < 1e-6)
        }
        check.run { tape in
            tape.binaryCrossEntropy(
                tape.read(check["logits"]), targets: targets, positiveWeights: positive, rowWeights: [2, 1]
            ).value
        }
    }

    @Test func `binary cross-entropy stays finite for sure answers, and passes on what is not a number`() {
        let store = ParameterStore([ParameterSpecification(name: "x", shape: [2, 2], block: "", decays: false)])
        for (index, value) in [Float(200), -200, .nan, 0].enumerated() { store.values.base[index] = value }
        let tape = Tape(store: store, pool: ThreadPool(threadCount: 1))
        let loss = tape.binaryCrossEntropy(tape.read(store["x"]!), targets: [0, 1, 1, 1])
        #expect(loss.rows.base[0] == 200)
        #expect(loss.rows.base[1].isNaN)
        tape.backward(from: loss.value)
        #expect(store.gradients.base[0] == 0.25 && store.gradients.base[2].isNaN)
    }

    @Test func `squared error`() {
        let check = GradientCheck([("x", [3, 2])])
        let targets: [Float] = [1, 2, -1, 0.5, 0, 3]
        let tape = Tape(store: check.store, pool: check.pool)
        let loss = tape.meanSquaredError(tape.read(check["x"]), targets: targets)
        let expected = zip(check.store.value(check["x"]), targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 6
        #expect(abs(loss.total - expected) < 1e-6)
        check.run { tape in
            tape.meanSquaredError(tape.read(check["x"]), targets: targets, rowWeights: [1, 0, 2], items: 4).value
        }
    }

    @Test func `micro-batches over the items of the whole make up the larger batch`() {
        let check = GradientCheck([("x", [6, 3])])
        let labels: [Int32] = [0, 1, 2, 2, 1, 0]
        let tape = Tape(store: check.store, pool: check.pool)
        tape.backward(from: tape.crossEntropy(tape.read(check["x"]), labels: labels).value)
        let whole = Array(check.store.gradients.elements)
        check.store.zeroGradients(on: check.pool)
        for part in [[Int32(0), 1, 2, 3], [4, 5]] {
            let x = tape.gatherRows(tape.read(check["x"]), part)
            tape.backward(from: tape.crossEntropy(x, labels: part.map { labels[Int($0)] }, items: 6).value)
        }
        #expect(zip(check.store.gradients.elements, whole).allSatisfy { abs($0 - $1) < 1e-7 })
    }

    @Test func `a batch without a row to learn from has loss and gradient 0`() {
        let check = GradientCheck([("x", [3, 2])])
        let tape = Tape(store: check.store, pool: check.pool)
        let none = tape.gatherRows(tape.read(check["x"]), [])
        let loss = tape.crossEntropy(none, labels: [])
        #expect(loss.total == 0)
        tape.backward(from: loss.value)
        #expect(check.store.gradientNorm(on: check.pool) == 0)
    }

    @Test func `a token's loss reaches only the rows that were chosen, through a decoder tied to the embedding`() {
        let check = GradientCheck([("x", [5, 4]), ("table", [130, 4]), ("bias", [130])])
        let decoder = LinearParameters(weight: check["table"], bias: check["bias"])
        check.run { tape in
            let chosen = tape.gatherRows(tape.read(check["x"]), [1, 3])
            return tape.crossEntropy(tape.linear(chosen, decoder), labels: [129, 7], items: 3).value
        }
    }

    @Test func `normalised rows have length 1`() {
        let check = GradientCheck([("x", [4, 5])])
        let tape = Tape(store: check.store, pool: check.pool)
        let y = tape.normalizeRows(tape.read(check["x"])).tensor
        for row in 0..<4 {
            #expect(abs((0..<5).reduce(0) { $0 + y.base[row * 5 + $1] * y.base[row * 5 + $1] } - 1) < 1e-6)
        }
        check.run { tape in tape.normalizeRows(tape.read(check["x"])) }
    }

    @Test func `in-batch negatives`() {
        let check = GradientCheck([("a", [3, 4]), ("c", [5, 4])])
        let tape = Tape(store: check.store, pool: check.pool)
        let loss = tape.inBatchNegatives(
            anchors: tape.read(check["a"]), candidates: tape.read(check["c"]), temperature: 0.5)
        let (a, c) = (rows(check, "a"), rows(check, "c"))
        for row in 0..<3 {
            let p = softmax(c.map { candidate in 2 * zip(a[row], candidate).reduce(0) { $0 + $1.0 * $1.1 } })
            #expect(abs(Double(loss.rows.base[row]) + log(p[row])) < 1e-5)
        }
        for frozen in ["", "a", "c"] {
            check.store.setTrainable { $0.name != frozen }
            check.run { tape in
                tape.inBatchNegatives(
                    anchors: tape.normalizeRows(tape.read(check["a"])),
                    candidates: tape.normalizeRows(tape.read(check["c"])), temperature: 0.5
                ).value
            }
        }
    }

    @Test(arguments: [VectorDistance.euclidean, .cosine])
    func `triplets`(distance: VectorDistance) {
        let check = GradientCheck([("a", [4, 3]), ("p", [4, 3]), ("n", [4, 3])])
        let tape = Tape(store: check.store, pool: check.pool)
        let margin: Float = 0.4
        let loss = tape.triplet(
            anchors: tape.read(check["a"]), positives: tape.read(check["p"]), negatives: tape.read(check["n"]),
            distance: distance, margin: margin)
        func apart(_ x: [Double], _ y: [Double]) -> Double {
            switch distance {
            case .euclidean: zip(x, y).reduce(0) { $0 + ($1.0 - $1.1 + 1e-6) * ($1.0 - $1.1 + 1e-6) }.squareRoot()
            case .cosine: 1 - zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
        let (a, p, n) = (rows(check, "a"), rows(check, "p"), rows(check, "n"))
        let expected = (0..<4).map { max(0, apart(a[$0], p[$0]) - apart(a[$0], n[$0]) + Double(margin)) }
        #expect(zip(loss.rows.elements, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
        #expect(expected.contains(0) && expected.contains { $0 > 0 }, "both sides of the hinge are tried")
        check.run { tape in
            tape.triplet(
                anchors: tape.read(check["a"]), positives: tape.read(check["p"]), negatives: tape.read(check["n"]),
                distance: distance, margin: margin, items: 3
            ).value
        }
    }

    @Test func `cosine scores`() {
        let check = GradientCheck([("a", [3, 4]), ("b", [3, 4])])
        check.run { tape in
            tape.cosineScores(
                tape.normalizeRows(tape.read(check["a"])), tape.normalizeRows(tape.read(check["b"])),
                scores: [1, -0.5, 0.2]
            ).value
        }
    }

    @Test func `mixing of rows`() {
        let check = GradientCheck([("x", [4, 3])])
        let x = rows(check, "x")
        let tape = Tape(store: check.store, pool: check.pool)
        let mixed = tape.mixRows(tape.read(check["x"]), partners: [2, 1, 0, 0], shares: [0.3, 0.9, 1, 0])
        #expect(abs(Double(mixed.tensor.base[1]) - (0.3 * x[0][1] + 0.7 * x[2][1])) < 1e-6)
        #expect(abs(Double(mixed.tensor.base[9]) - x[0][0]) < 1e-6)
        check.run { tape in tape.mixRows(tape.read(check["x"]), partners: [2, 1, 0, 0], shares: [0.3, 0.9, 1, 0]) }
    }
}
