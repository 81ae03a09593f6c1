import FineTuning
import Testing

@testable import API

struct MetricSamplingTests {
    private func points(_ losses: [Double]) -> [MetricPoint] {
        losses.enumerated().map { index, loss in
            MetricPoint(
                step: index + 1, totalSteps: losses.count, epoch: 0, trainLoss: loss, trainAccuracy: nil,
                learningRate: 0, gradientNorm: 0, samplesPerSecond: 0, tokens: 0)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 10, 500])
    func `Never more than asked for, in order, first and last among them`(limit: Int) {
        let thinned = MetricSampling.thin(points((0..<100_000).map { Double($0 % 97) }), to: limit)
        #expect(thinned.count <= limit)
        #expect(thinned.last?.step == 100_000)
        #expect(limit < 2 || thinned.first?.step == 1)
        #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.step < $1.step })
    }

    @Test func `A spike and a dip of one step among many are kept`() {
        var losses = [Double](repeating: 1, count: 100_000)
        losses[31_415] = 50
        losses[70_001] = -3
        let thinned = MetricSampling.thin(points(losses), to: 200)
        #expect(thinned.contains { $0.trainLoss == 50 })
        #expect(thinned.contains { $0.trainLoss == -3 })
    }

    @Test func `A short curve stays whole`() {
        #expect(MetricSampling.thin(points([3, 2, 1]), to: 10).count == 3)
    }
}
