import FineTuning
import Testing
import Training

@Suite struct `A training strategy` {
    @Test(arguments: StrategyCase.all)
    func `has the losses and gradient norms of PyTorch and transformers, step by step`(strategy: StrategyCase) throws {
        let trainer = try strategy.trainer()
        #expect(trainer.plan.totalSteps == strategy.losses.count)
        #expect(strategy.losses.count >= 10)
        for (index, (loss, norm)) in zip(strategy.losses, strategy.norms).enumerated() {
            let point = try trainer.step()
            #expect(abs(point.trainLoss - loss) <= 1e-4 * loss, "loss of step \(index + 1)")
            #expect(abs(point.gradientNorm - norm) <= 1e-3 * norm, "gradient norm of step \(index + 1)")
        }
        #expect(trainer.isDone)
        let final = try trainer.evaluate().evaluation.validLoss
        #expect(abs(final - strategy.final) <= 1e-4 * strategy.final)
    }

    @Test func `are all there`() { #expect(StrategyCase.all.count >= 25) }
}
