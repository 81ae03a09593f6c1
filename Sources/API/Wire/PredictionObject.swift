import FineTuning
import Foundation
import JSON

/// A model's answer to one text, in the form of its task.
struct PredictionObject {
    let index: Int
    let prediction: Prediction

    var json: JSONValue {
        var object: JSONObject = ["object": "prediction", "index": JSONValue(index)]
        for (name, value) in answer { object[name] = value }
        return .object(object)
    }

    private var answer: [(String, JSONValue)] {
        switch prediction {
        case .label(let output):
            let scores = Self.ranked(output, Self.softmax(output.logits))
            return [("label", .string(scores.first?.label ?? ""))] + Self.members(output, scores)
        case .labels(let output):
            let scores = Self.ranked(output, Self.sigmoid(output.logits))
            let chosen = scores.filter { $0.score >= 0.5 }.map { JSONValue.string($0.label) }
            return [("labels", .array(chosen))] + Self.members(output, scores)
        case .score(let score): return [("score", JSONValue(score))]
        case .tags(let text):
            let entities = ("entities", JSONValue.array(text.entities.map(\.json)))
            return [entities] + (text.tags.map { [("tags", .array($0.map { .string($0) }))] } ?? [])
        case .fills(let fills): return [("fills", .array(fills.map { .array($0.candidates.map(\.json)) }))]
        case .embedding(let vector): return [("embedding", .array(vector.components.map { JSONValue($0) }))]
        }
    }

    private static func ranked(_ output: LabelScores, _ scores: [Double]) -> [(label: String, score: Double)] {
        zip(output.labels, scores).map { (label: $0, score: $1) }.sorted { $0.score > $1.score }
    }

    private static func members(
        _ output: LabelScores, _ scores: [(label: String, score: Double)]
    ) -> [(String, JSONValue)] {
        [
            ("scores", .array(scores.map { ["label": .string($0.label), "score": JSONValue($0.score)] })),
            ("logits", .array(output.logits.map { JSONValue($0) })),
        ]
    }

    /// Probabilities of logits `(labels)`; the largest is taken off first so that no exponential overflows.
    static func softmax(_ logits: [Float]) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let exponentials = logits.map { exp(Double($0) - largest) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
    }

    /// Probabilities of logits `(labels)`, each for itself.
    static func sigmoid(_ logits: [Float]) -> [Double] { logits.map { 1 / (1 + exp(-Double($0))) } }
}
