import FineTuning
import JSON
import Testing

@Suite("An evaluation")
struct EvaluationTests {
    @Test("of before there were other metrics still reads, with the figures of its confusion matrix")
    func older() throws {
        let text = #"""
            {"step": 3, "epoch": 1.5, "split": "validation", "valid_loss": 0.25, "accuracy": 0.75, "macro_f1": 0.73,
             "labels": ["a", "b"], "confusion_matrix": [[2, 0], [1, 1]],
             "per_class": [{"label": "a", "precision": 0.6667, "recall": 1, "f1": 0.8, "support": 2}]}
            """#
        let evaluation = try Evaluation(JSONCursor(JSONValue(parsing: Array(text.utf8))))
        #expect(evaluation.metrics[.accuracy] == 0.75)
        #expect(evaluation.value(of: .validLoss) == 0.25)
        #expect(abs((evaluation.value(of: .macroF1) ?? 0) - (0.8 + 2.0 / 3) / 2) < 1e-12)
        #expect(evaluation.value(of: .spearman) == nil)
    }

    @Test("gives itself back from its JSON with every part")
    func roundTrip() throws {
        var evaluation = Evaluation(
            step: 3, epoch: 1.5, validLoss: 0.25, metrics: [.entityF1: 0.5, .accuracy: 0.9, .pearson: .nan])
        #expect(evaluation.metrics.entries.map(\.name) == [.entityF1, .accuracy])
        evaluation.perEntityType = [ClassScore(label: "PER", precision: 1, recall: 0.5, f1: 2.0 / 3, support: 2)]
        evaluation.calibration = Calibration(
            bins: [.init(upTo: 0.5, count: 0, confidence: 0, accuracy: 0)], temperature: 1.5, scaledError: 0.01)
        evaluation.scores = ScoreSample(answers: [2.5, -1], truth: [3, 0.1])
        evaluation.worstExamples = [WorstExample(line: 4, text: "t", truth: "a", answer: "b", loss: 7)]
        evaluation.drift = [BlockDrift(block: "embeddings", ratio: 0.001)]
        evaluation.attack = AttackResult(metric: .accuracy, clean: 0.9, attacked: 0.4)
        #expect(try Evaluation(JSONCursor(JSONValue(parsing: evaluation.json.bytes))) == evaluation)
    }

    @Test("with a metric that no one knows is refused by its name")
    func unknownMetric() throws {
        let value: JSONValue = ["step": 1, "epoch": 1, "valid_loss": 1, "metrics": ["speed": 1]]
        let fault = #expect(throws: JSONFault.self) { try Evaluation(JSONCursor(value)) }
        #expect(fault?.path == "metrics.speed")
    }
}

@Suite("Answers beside the truth")
struct ScoreSampleTests {
    @Test("are all of them in the order of the truth while they are few")
    func few() {
        let sample = ScoreSample(answers: [1, 2, 3, 4], truth: [0.5, -1, 0.5, 9])
        #expect(sample.truth == [-1, 0.5, 0.5, 9])
        #expect(sample.answers == [2, 1, 3, 4])
        #expect(ScoreSample(answers: [], truth: []).truth == [])
        #expect(ScoreSample(answers: [7], truth: [1]).answers == [7])
    }

    @Test("are so many at most, from the lowest to the highest")
    func many() {
        let truth = (0..<10_000).map { Float(9_999 - $0) }
        let sample = ScoreSample(answers: truth.map { -$0 }, truth: truth)
        #expect(sample.truth.count == ScoreSample.limit)
        #expect(sample.truth.first == 0 && sample.truth.last == 9_999)
        #expect(sample.answers == sample.truth.map { -$0 })
        let gaps = zip(sample.truth, sample.truth.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { (39...40).contains($0) })
    }

    @Test("of which one is missing are refused")
    func uneven() {
        let fault = #expect(throws: JSONFault.self) {
            try ScoreSample(JSONCursor(["truth": [1, 2], "answers": [1]]))
        }
        #expect(fault?.path == "answers")
    }
}

@Suite("An answer")
struct PredictionTests {
    @Test(
        "gives itself back from its JSON",
        arguments: [
            .label(LabelScores(labels: ["a", "b"], logits: [0.5, -1])),
            .labels(LabelScores(labels: ["a"], logits: [3])), .score(2.5),
            .tags(
                TaggedText(
                    entities: [.init(type: "PER", start: 0, end: 3, text: "Ada", score: 0.9)], tags: ["B-PER", "O"])),
            .fills([MaskFill(candidates: [.init(token: "cat", score: 0.5)])]),
            .embedding(EmbeddingVector(components: [0.25, -1], tokens: 4)),
        ] as [Prediction])
    func roundTrip(prediction: Prediction) throws {
        #expect(try Prediction(JSONCursor(JSONValue(parsing: prediction.json.bytes))) == prediction)
    }

    @Test("about a line of the training file gives itself back from its JSON")
    func ledger() throws {
        let entry = LedgerEntry(
            rank: 1, line: 123, label: "bug", answer: ["a", "b"], score: 1.87, meanLoss: 2.31, losses: [2.5, nil],
            probabilities: nil, text: "snippet")
        #expect(try LedgerEntry(JSONCursor(JSONValue(parsing: entry.json.bytes))) == entry)
    }
}
