import FineTuning
import JSON
import Testing

@Suite("A confusion matrix")
struct ConfusionMatrixTests {
    /// Truth 0 0 0 1 1 2, answers 0 0 1 1 0 0.
    private var matrix: ConfusionMatrix {
        var matrix = ConfusionMatrix(labels: ["a", "b", "c", "never"])
        for (truth, answer) in zip([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 0, 0]) { matrix.add(truth: truth, answer: answer) }
        return matrix
    }

    @Test("gives the figures worked out by hand")
    func figures() {
        #expect(matrix.accuracy == 0.5)
        #expect(matrix.precision(0) == 0.5)
        #expect(abs(matrix.recall(0) - 2.0 / 3) < 1e-12)
        #expect(abs(matrix.f1(0) - 4.0 / 7) < 1e-12)
        #expect(matrix.f1(2) == 0)
        // The label that is neither seen nor answered does not count.
        #expect(abs(matrix.macroF1 - (4.0 / 7 + 0.5 + 0) / 3) < 1e-12)
    }

    @Test("comes back from an evaluation's JSON")
    func roundTrip() throws {
        let evaluation = Evaluation(step: 3, epoch: 1.5, validLoss: 0.25, confusion: matrix)
        #expect(try Evaluation(JSONCursor(JSONValue(parsing: evaluation.json.bytes))) == evaluation)
    }
}
