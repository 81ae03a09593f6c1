public import Datasets
public import FineTuning
internal import Foundation
public import Models
internal import Tensors

/// Measures a classifier on held-back examples.
public enum Evaluator {
    /// Tokens of one forward pass; enough to keep all cores busy, and less memory than a training step takes.
    static let tokenBudget = 2048

    /// The mean cross-entropy (without label smoothing) and the answers by true label.
    ///
    /// - Parameters:
    ///   - examples: at least one.
    ///   - labels: names of the classes.
    ///   - step: the optimizer step, for the record.
    ///   - epoch: epochs done, for the record.
    /// - Throws: `JobError` of code `diverged` where a logit is not finite.
    public static func evaluate(
        _ model: EncoderModel, on examples: Examples, labels: [String], step: Int, epoch: Double
    ) throws -> Evaluation {
        var confusion = ConfusionMatrix(labels: labels)
        var loss = 0.0
        for piece in examples.pieces(tokenBudget: tokenBudget) {
            let logits = try model.evaluate(examples.batch(piece))
            for (row, example) in piece.enumerated() {
                let scores = logits[(row * labels.count)..<((row + 1) * labels.count)]
                guard scores.allSatisfy(\.isFinite) else {
                    throw JobError(
                        .diverged,
                        "the model's answers after step \(step) are not finite numbers; lower strategy.learning_rate")
                }
                let truth = Int(examples.labels[example])
                loss += crossEntropy(scores, truth: truth)
                confusion.add(truth: truth, answer: argmax(scores))
            }
        }
        return Evaluation(step: step, epoch: epoch, validLoss: loss / Double(examples.count), confusion: confusion)
    }

    /// log Σ exp(z) - z[truth], taken from the greatest so that nothing overflows.
    static func crossEntropy(_ logits: ArraySlice<Float>, truth: Int) -> Double {
        let greatest = Double(logits.max() ?? 0)
        let sum = logits.reduce(0.0) { $0 + exp(Double($1) - greatest) }
        return log(sum) + greatest - Double(logits[logits.startIndex + truth])
    }

    /// The number of rows whose greatest logit is that of the true label.
    ///
    /// - Parameters:
    ///   - logits: (B × labels), row by row.
    ///   - truth: (B)
    static func rightAnswers(_ logits: [Float], truth: [Int32]) -> Int {
        rows(logits, truth).count { scores, label in argmax(scores) == label }
    }

    /// The cross-entropy of each row, (B), without label smoothing.
    ///
    /// - Parameters:
    ///   - logits: (B × labels), row by row.
    ///   - truth: (B)
    static func crossEntropies(_ logits: [Float], truth: [Int32]) -> [Float] {
        rows(logits, truth).map { scores, label in Float(crossEntropy(scores, truth: label)) }
    }

    private static func rows(_ logits: [Float], _ truth: [Int32]) -> [(ArraySlice<Float>, Int)] {
        let width = logits.count / max(1, truth.count)
        return truth.indices.map { (logits[($0 * width)..<(($0 + 1) * width)], Int(truth[$0])) }
    }

    /// The place of the greatest value, the first of equals.
    static func argmax(_ values: ArraySlice<Float>) -> Int {
        var best = values.startIndex
        for index in values.indices where values[index] > values[best] { best = index }
        return best - values.startIndex
    }
}
