public import JSON

/// What the held-back examples say about the model at a step.
public struct Evaluation: Sendable, Hashable, JSONRepresentable {
    /// The optimizer step.
    public var step: Int
    /// Epochs done, with fraction.
    public var epoch: Double
    /// The mean loss, without label smoothing.
    public var validLoss: Double
    /// Answers by true label.
    public var confusion: ConfusionMatrix

    /// An evaluation.
    public init(step: Int, epoch: Double, validLoss: Double, confusion: ConfusionMatrix) {
        self.step = step
        self.epoch = epoch
        self.validLoss = validLoss
        self.confusion = confusion
    }

    /// The value of a metric by which checkpoints are compared.
    public func value(of metric: SelectionMetric) -> Double {
        switch metric {
        case .validLoss: validLoss
        case .accuracy: confusion.accuracy
        case .macroF1: confusion.macroF1
        }
    }

    /// Reads what ``json`` wrote; the derived figures are computed anew from the confusion matrix.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        step = try fields.required("step").integer(in: 0...Int.max)
        epoch = try fields.required("epoch").number()
        validLoss = try fields.required("valid_loss").number()
        var labels: [String] = []
        for label in try fields.required("labels").elements() { labels.append(try label.string()) }
        let matrix = try fields.required("confusion_matrix")
        var counts: [[Int]] = []
        for row in try matrix.elements() {
            var cells: [Int] = []
            for cell in try row.elements() { cells.append(try cell.integer(in: 0...Int.max)) }
            counts.append(cells)
        }
        guard counts.count == labels.count, counts.allSatisfy({ $0.count == labels.count }) else {
            throw matrix.fault("expected \(labels.count) rows of \(labels.count) counts")
        }
        confusion = ConfusionMatrix(labels: labels, counts: counts)
        for derived in ["split", "accuracy", "macro_f1", "per_class"] { _ = fields.optional(derived) }
        try fields.finish()
    }

    /// The evaluation as JSON, which is also the `data` of an `evaluation` event.
    public var json: JSONValue {
        [
            "step": JSONValue(step), "epoch": JSONValue(epoch), "split": "validation",
            "valid_loss": JSONValue(validLoss), "accuracy": JSONValue(confusion.accuracy),
            "macro_f1": JSONValue(confusion.macroF1), "labels": .array(confusion.labels.map { .string($0) }),
            "confusion_matrix": .array(confusion.counts.map { .array($0.map { JSONValue($0) }) }),
            "per_class": .array(confusion.labels.indices.map(perClass)),
        ]
    }

    private func perClass(_ label: Int) -> JSONValue {
        [
            "label": .string(confusion.labels[label]), "precision": JSONValue(confusion.precision(label)),
            "recall": JSONValue(confusion.recall(label)), "f1": JSONValue(confusion.f1(label)),
            "support": JSONValue(confusion.support(label)),
        ]
    }
}
