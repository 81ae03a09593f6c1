import FineTuning
import JSON
import Testing
import Training

@Suite struct `Early stopping` {
    private func recipe(metric: String, patience: Int, minDelta: Double = 0) throws -> Recipe {
        let rule: JSONValue = [
            "early_stopping": [
                "metric": .string(metric), "patience": JSONValue(patience), "min_delta": .number(minDelta),
            ]
        ]
        return Recipe(model: "m", seed: 1, strategy: try Strategy(JSONCursor(rule)))
    }

    private func evaluation(_ step: Int, loss: Double) -> Evaluation {
        Evaluation(step: step, epoch: 1, validLoss: loss, confusion: ConfusionMatrix(labels: ["a", "b"]))
    }

    @Test func `waits for as many evaluations without improvement as its patience`() throws {
        var tracker = SelectionTracker(recipe: try recipe(metric: "valid_loss", patience: 2))
        let isBest = [1.0, 0.5, 0.6].enumerated().map { tracker.take(evaluation($0 + 1, loss: $1)) }
        #expect(isBest == [true, true, false])
        #expect(!tracker.isExhausted)
        let equalIsBest = tracker.take(evaluation(4, loss: 0.5))
        #expect(!equalIsBest)
        #expect(tracker.isExhausted)
        #expect(tracker.best == BestResult(metric: .validLoss, value: 0.5, step: 2))
    }

    @Test func `takes a small gain as the new best but not as an improvement`() throws {
        var tracker = SelectionTracker(recipe: try recipe(metric: "valid_loss", patience: 1, minDelta: 0.1))
        let isBest = [1.0, 0.95].enumerated().map { tracker.take(evaluation($0 + 1, loss: $1)) }
        #expect(isBest == [true, true])
        #expect(tracker.best?.step == 2)
        #expect(tracker.isExhausted)
    }

    @Test func `never comes without a rule`() {
        var tracker = SelectionTracker(recipe: Recipe(model: "m", seed: 1))
        for step in 1...50 { _ = tracker.take(evaluation(step, loss: Double(step))) }
        #expect(!tracker.isExhausted)
        #expect(tracker.best?.step == 1)
    }
}
