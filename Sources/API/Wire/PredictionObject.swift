import FineTuning
import Foundation
import JSON

/// A classifier's answer to one text: its labels with their probabilities, best first, and the bare logits.
struct PredictionObject {
    let index: Int
    let prediction: Prediction

    var json: JSONValue {
        let scores = zip(prediction.labels, Self.softmax(prediction.logits)).sorted { $0.1 > $1.1 }
        return [
            "object": "prediction", "index": JSONValue(index), "label": .string(scores.first?.0 ?? ""),
            "scores": .array(scores.map { ["label": .string($0.0), "score": JSONValue($0.1)] }),
            "logits": .array(prediction.logits.map { JSONValue($0) }),
        ]
    }

    /// Probabilities of logits `(labels)`; the largest is taken off first so that no exponential overflows.
    static func softmax(_ logits: [Float]) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let exponentials = logits.map { exp(Double($0) - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }
}
