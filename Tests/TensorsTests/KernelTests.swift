import CKernels
import Foundation
import Testing

struct KernelTests {
    /// Points from very negative to very positive, dense around 0.
    static let points: [Float] = (-4000...4000).map { index in
        let t = Float(index) / 400
        return t * abs(t) / 8
    }

    private func forward(_ kind: ck_activation) -> [Float] {
        var u = Self.points
        var y = [Float](repeating: 0, count: u.count)
        ck_bias_activation(kind, 1, u.count, &u, [Float](repeating: 0, count: u.count), &y)
        return y
    }

    @Test func `GELU is exact to 4e-7, and in the lower tail to the rounding of x²`() {
        for (x, y) in zip(Self.points, forward(ck_gelu)) {
            let expected = 0.5 * Double(x) * erfc(-Double(x) / 2.0.squareRoot())
            let tolerance = x < 0 ? 4e-7 + 1e-7 * Double(x * x) : 4e-7
            #expect(abs(Double(y) - expected) <= tolerance * abs(expected) + 1e-36, "\(x)")
        }
    }

    @Test func `tanh is exact to 3e-7`() {
        for (x, y) in zip(Self.points, forward(ck_tanh)) {
            let expected = tanh(Double(x))
            #expect(abs(Double(y) - expected) <= 3e-7 * abs(expected), "\(x)")
        }
    }

    @Test func `softmax agrees with its definition, for large scores too`() {
        let (rows, columns) = (3, 37)
        let scores = (0..<(rows * columns)).map { Float(($0 * 7919) % 101) - 50 + Float($0 / columns) * 500 }
        var s = scores
        var logSums = [Float](repeating: 0, count: rows)
        ck_softmax(rows, columns, &s, 0.5, nil, &logSums)
        for row in 0..<rows {
            let line = scores[(row * columns)..<((row + 1) * columns)].map { 0.5 * Double($0) }
            let top = line.max() ?? 0
            let sum = line.reduce(0) { $0 + exp($1 - top) }
            #expect(abs(Double(logSums[row]) - (top + log(sum))) < 1e-4 * max(1, abs(top)))
            for column in 0..<columns {
                let expected = exp(line[column] - top) / sum
                #expect(abs(Double(s[row * columns + column]) - expected) < 1e-6 * expected + 1e-30)
            }
        }
    }

    @Test(arguments: [ck_gelu, ck_gelu_tanh, ck_relu, ck_tanh])
    func `what is not a number stays so`(kind: ck_activation) {
        var u: [Float] = [.nan, 1]
        var y: [Float] = [0, 0]
        ck_bias_activation(kind, 1, 2, &u, [0, 0], &y)
        #expect(y[0].isNaN && y[1].isFinite)
        var scores: [Float] = (0..<40).map { $0 == 33 ? .nan : Float($0) }
        var logSum: Float = 0
        ck_softmax(1, 40, &scores, 1, nil, &logSum)
        #expect(logSum.isNaN && scores[0].isNaN)
    }

    @Test func `Philox gives the published numbers`() {
        var words: [UInt32] = [0, 0, 0, 0]
        ck_philox(0, 0, 0, &words)
        #expect(words == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        ck_philox(.max, .max, .max, &words)
        #expect(words == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        ck_philox(0x299f_31d0_a409_3822, 0x0370_7344_1319_8a2e, 0x85a3_08d3_243f_6a88, &words)
        #expect(words == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    @Test func `dropout draws the bits of Philox, wherever it starts`() {
        var dropout = ck_dropout(key: 11, stream: 22, threshold: 20_000, scale: 1.5)
        var factors = [Float](repeating: -1, count: 300)
        ck_dropout_factors(&dropout, 5, 300, &factors)
        for (element, factor) in factors.enumerated() {
            let (group, inside) = (5 + element / 128, element % 128)
            var words: [UInt32] = [0, 0, 0, 0]
            ck_philox(11, 22, UInt64(group * 16 + inside % 16), &words)
            let word = words[inside / 32]
            let bits = (inside / 16) % 2 == 0 ? word & 0xFFFF : word >> 16
            #expect(factor == (bits < 20_000 ? 0 : 1.5))
        }
    }

    @Test func `dropout keeps the wanted share and the mean`() {
        var dropout = ck_dropout(key: 1, stream: 2, threshold: 6_554, scale: 1 / (1 - 6_554.0 / 65_536))
        var factors = [Float](repeating: 0, count: 1 << 20)
        ck_dropout_factors(&dropout, 0, factors.count, &factors)
        let dropped = Double(factors.count { $0 == 0 }) / Double(factors.count)
        #expect(abs(dropped - 0.1) < 0.002)
    }

    @Test func `normal numbers have the wanted mean and deviation`() {
        var numbers = [Double](repeating: 0, count: 0)
        var floats = [Float](repeating: 0, count: 200_003)
        ck_normal(9, 1, floats.count, 0.5, &floats)
        numbers = floats.map(Double.init)
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)).squareRoot()
        #expect(abs(mean) < 0.005 && abs(deviation - 0.5) < 0.005)
        #expect(numbers.allSatisfy { abs($0) < 0.5 * 7 })
    }

    @Test func `column sums, scattering and squares agree with plain loops`() {
        let (rows, columns) = (7, 5)
        let x = (0..<(rows * columns)).map { Float($0 % 11) - 4 }
        var sums = [Float](repeating: 1, count: columns)
        ck_add_column_sums(rows, columns, x, columns, &sums)
        var table = [Float](repeating: 0, count: 3 * columns)
        let index: [Int32] = [2, 0, 2, 3, 1, 0, 0]
        ck_scatter_add(rows, columns, 1, 3, index, 3, x, &table)
        for column in 0..<columns {
            #expect(sums[column] == 1 + (0..<rows).reduce(0) { $0 + x[$1 * columns + column] })
            for entry in 0..<3 {
                let wanted = (0..<rows).filter { index[$0] == entry }.reduce(Float(0)) { $0 + x[$1 * columns + column] }
                #expect(table[entry * columns + column] == ((1...3).contains(column) ? wanted : 0))
            }
        }
        #expect(ck_sum_of_squares(x.count, x) == x.reduce(0) { $0 + Double($1) * Double($1) })
    }
}
