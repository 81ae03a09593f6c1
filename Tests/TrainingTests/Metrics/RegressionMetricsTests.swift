import JSON
import Testing
import Training

@Suite struct `Metrics of numbers and of rankings` {
    @Test func `are those of scikit-learn and SciPy, with ties`() throws {
        for json in try MetricsFixture.cases("regression") {
            let scores = RegressionScores(
                answers: try MetricsFixture.numbers(json["answers"]), truth: try MetricsFixture.numbers(json["truth"]))
            #expect(MetricsFixture.agrees(scores.meanSquaredError, json["mse"]))
            #expect(MetricsFixture.agrees(scores.meanAbsoluteError, json["mae"]))
            #expect(MetricsFixture.agrees(scores.pearson, json["pearson"]))
            #expect(MetricsFixture.agrees(scores.spearman, json["spearman"]))
        }
    }

    @Test func `have no correlation where a series does not vary`() {
        #expect(Correlation.pearson([1, 1, 1], [1, 2, 3]) == nil)
        #expect(Correlation.spearman([1], [2]) == nil)
        #expect(Correlation.ranks([2, 1, 2]) == [2.5, 1, 2.5])
    }

    @Test func `place the right document behind those with the same score`() {
        var scores = RetrievalScores()
        scores.add(scores: [0.1, 0.9, 0.5], right: 1)
        scores.add(scores: [0.7, 0.7, 0.7, 0.2], right: 0)
        scores.add(scores: [0.7, 0.7, 0.7, 0.2], right: 0) { $0 != 1 }
        #expect(scores.ranks == [1, 3, 2])
        #expect(scores.recall(at: 1) == 1.0 / 3)
        #expect(scores.recall(at: 2) == 2.0 / 3)
        #expect(abs(scores.meanReciprocalRank - (1 + 1.0 / 3 + 1.0 / 2) / 3) < 1e-12)
    }
}
