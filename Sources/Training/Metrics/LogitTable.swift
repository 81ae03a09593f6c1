internal import Foundation

/// The outputs of a model for several inputs, row by row.
struct LogitTable {
    /// (rows × columns), row by row.
    let values: [Float]
    /// Outputs an input.
    let columns: Int

    init(_ values: [Float], columns: Int) {
        precondition(columns > 0 && values.count.isMultiple(of: columns), "whole rows of \(columns)")
        self.values = values
        self.columns = columns
    }

    /// Number of inputs.
    var count: Int { values.count / columns }

    /// The outputs for an input.
    subscript(row: Int) -> ArraySlice<Float> { values[(row * columns)..<((row + 1) * columns)] }

    /// The place of the greatest output, the first of equals.
    func answer(_ row: Int) -> Int {
        let outputs = self[row]
        var best = outputs.startIndex
        for index in outputs.indices where outputs[index] > outputs[best] { best = index }
        return best - outputs.startIndex
    }

    /// The softmax of a row, taken from the greatest so that nothing overflows.
    func probabilities(_ row: Int) -> [Double] {
        let outputs = self[row]
        let greatest = Double(outputs.max() ?? 0)
        let powers = outputs.map { exp(Double($0) - greatest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    /// log Σ exp(z) - z[truth]: the cross-entropy of a row.
    func crossEntropy(_ row: Int, truth: Int) -> Float {
        let outputs = self[row]
        let greatest = Double(outputs.max() ?? 0)
        let sum = outputs.reduce(0.0) { $0 + exp(Double($1) - greatest) }
        return Float(log(sum) + greatest - Double(outputs[outputs.startIndex + truth]))
    }

    /// 1 / (1 + e⁻ᶻ)
    static func logistic(_ z: Float) -> Double {
        let power = exp(-abs(Double(z)))
        return z >= 0 ? 1 / (1 + power) : power / (1 + power)
    }
}
