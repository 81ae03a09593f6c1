import FineTuning
import JSON
import Testing
import Training

@Suite struct `The learning rate` {
    @Test func `goes as transformers' schedules go, in every step`() throws {
        let fixture = try Fixture.json("schedules.json")
        let cases = try #require(fixture["cases"]?.array)
        #expect(cases.count == 21)
        for test in cases {
            let kind = try #require(test["kind"]?.string.flatMap(ScheduleKind.init))
            let total = try #require(test["total"]?.integer)
            let ratio = try #require(test["ratio"]?.number)
            let schedule = LearningRateSchedule(kind: kind, peak: 5e-5, warmupRatio: ratio, totalSteps: total)
            #expect(schedule.warmupSteps == test["warmup"]?.integer, "\(kind) \(total) \(ratio)")
            for (index, rate) in try #require(test["rates"]?.array).enumerated() {
                let expected = try #require(rate.number)
                let found = schedule.rate(step: index + 1)
                #expect(abs(found - expected) <= 1e-12 * 5e-5, "\(kind) \(total) \(ratio): step \(index + 1)")
            }
        }
    }

    @Test(arguments: [(0.5, 1.0, 1.0), (2.0, 1.0, 0.4999997500001249), (10, 0.5, 0.04999999500000049)])
    func `is not touched by clipping, which scales gradients as PyTorch does`(
        norm: Double, limit: Double, scale: Double
    ) {
        #expect(abs(GradientClipping.scale(norm: norm, limit: limit) - scale) < 1e-15)
        #expect(GradientClipping.scale(norm: norm, limit: nil) == 1)
    }
}
