import FineTuning
import JSON
import Testing
import Training

@Suite struct `The learning rate` {
    @Test func `goes as transformers' schedules go, in every step`() throws {
        let fixture = try Fixture.json("schedules.json")
        let cases = try #require(fixture["cases"]?.array)
        let power = try #require(fixture["power"]?.number)
        #expect(cases.count == 35)
        for test in cases {
            let kind = try #require(test["kind"]?.string.flatMap(ScheduleKind.init))
            let total = try #require(test["total"]?.integer)
            let ratio = try #require(test["ratio"]?.number)
            let schedule = LearningRateSchedule(
                kind: kind, peak: 5e-5, power: power, warmupRatio: ratio, totalSteps: total)
            #expect(schedule.warmupSteps == test["warmup"]?.integer, "\(kind) \(total) \(ratio)")
            for (index, rate) in try #require(test["rates"]?.array).enumerated() {
                let expected = try #require(rate.number)
                let found = schedule.rate(step: index + 1)
                #expect(abs(found - expected) <= 1e-12 * 5e-5, "\(kind) \(total) \(ratio): step \(index + 1)")
            }
        }
    }

    @Test func `goes along a slanted triangle as ULMFiT has it, from 1/32 of its peak and back`() {
        let schedule = LearningRateSchedule(
            kind: .slantedTriangular, peak: 0.32, warmupRatio: 0.25, totalSteps: 8)
        let rates = (1...8).map { schedule.rate(step: $0) }
        let shares: [Double] = [0, 3, 6, 5, 4, 3, 2, 1]
        let expected: [Double] = shares.map { 0.01 + $0 / 6 * 0.31 }
        for (found, wanted) in zip(rates, expected) { #expect(abs(found - wanted) < 1e-12) }
    }

    @Test(arguments: [(0.5, 1.0, 1.0), (2.0, 1.0, 0.4999997500001249), (10, 0.5, 0.04999999500000049)])
    func `is not touched by clipping, which scales gradients as PyTorch does`(
        norm: Double, limit: Double, scale: Double
    ) {
        #expect(abs(GradientClipping.scale(norm: norm, limit: limit) - scale) < 1e-15)
        #expect(GradientClipping.scale(norm: norm, limit: nil) == 1)
    }
}
