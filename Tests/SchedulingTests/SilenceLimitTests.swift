import FineTuning
import RunDirectory
import Testing

@testable import Scheduling

@Suite("The limit of a worker's silence")
struct SilenceLimitTests {
    private static let patience = Duration.seconds(30)

    private func limit(_ contents: JournalEntry.Content..., dataBytes: Int = 0) -> Duration {
        var recipe = Recipe(model: "m", seed: 1)
        recipe.hyperparameters.batchSize = 10
        var limit = SilenceLimit(patience: Self.patience, recipe: recipe, dataBytes: dataBytes)
        for content in contents { limit.see(JournalEntry(sequence: 1, time: 1, content: content)) }
        return limit.allowed
    }

    private func start(validationRows: Int = 0, parameters: Int = 0) -> JournalEntry.Content {
        .started(
            RunStart(
                labels: [], totalSteps: 9, resumedFromStep: nil, trainingRows: 9, validationRows: validationRows,
                parameters: parameters, trainableParameters: 1))
    }

    private func point(samplesPerSecond: Double) -> JournalEntry.Content {
        .metrics(
            MetricPoint(
                step: 1, totalSteps: 9, epoch: 1, trainLoss: 1, trainAccuracy: nil, learningRate: 1, gradientNorm: 1,
                samplesPerSecond: samplesPerSecond, tokens: 1))
    }

    @Test("gives large files time to be read")
    func reading() {
        #expect(limit() == Self.patience)
        #expect(limit(dataBytes: 1 << 30) > .seconds(3600))
    }

    @Test("gives a first step, of which nothing is known, many times the patience")
    func firstStep() {
        #expect(limit(start()) == .seconds(600))
        #expect(limit(start(), point(samplesPerSecond: 0)) == .seconds(600))
    }

    @Test("adds what steps, evaluation and checkpoint should take at the speed that was seen")
    func speed() {
        #expect(limit(start(), point(samplesPerSecond: 1)) == .seconds(60))
        #expect(limit(start(validationRows: 500), point(samplesPerSecond: 10)) == .seconds(83))
        #expect(limit(start(parameters: 20_000_000), point(samplesPerSecond: 1e9)) >= .seconds(46))
    }

    @Test("stays a limit whatever a worker tells", arguments: [1e-300, .leastNonzeroMagnitude])
    func absurd(samplesPerSecond: Double) {
        let limit = limit(start(validationRows: .max), point(samplesPerSecond: samplesPerSecond))
        #expect(limit == Self.patience + .seconds(86_400))
    }
}
