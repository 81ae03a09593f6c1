internal import Foundation
public import JSON

/// What the ledger's file says of one training example: a line of `ledger.jsonl`.
public struct LedgerRow: Sendable, Hashable {
    /// Its place in the order of suspicion, from 1.
    public var rank: Int
    /// The example, its label and the model's answer.
    public var description: ExampleDescription
    /// How suspicious it is: higher for what looks mislabelled. Comparable only within a run.
    public var score: Double
    /// The loss of each epoch; nil where the example was not met.
    public var losses: [Float?]
    /// Whether a loss is the negative logarithm of the given label's probability, so that this can be told.
    public var hasProbabilities: Bool

    /// The mean of the losses; nil without any.
    var meanLoss: Double? {
        let known = losses.compactMap { $0.map(Double.init) }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// The row as JSON.
    public var json: JSONValue {
        [
            "rank": JSONValue(rank), "line": JSONValue(description.line), "label": description.label,
            "answer": description.answer, "score": JSONValue(Float(score)),
            "mean_loss": JSONValue(meanLoss) { JSONValue(Float($0)) },
            "losses": .array(losses.map { JSONValue($0) { JSONValue($0) } }),
            "probabilities": hasProbabilities
                ? .array(losses.map { JSONValue($0) { JSONValue(Float(exp(-Double($0)))) } }) : .null,
            "text": .string(description.text),
        ]
    }
}
