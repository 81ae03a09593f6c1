internal import Foundation
public import FineTuning

/// The learning rate of every optimizer step: a warm-up in a straight line from 0, then the way of its kind.
///
/// The factors are those of transformers' `get_linear_schedule_with_warmup`, `get_constant_schedule_with_warmup` and
/// `get_cosine_schedule_with_warmup`. The warm-up has ⌈ratio · total⌉ steps, as the Trainer takes it
/// (`TrainingArguments.get_warmup_steps`); scripts that write `int(ratio * total)` warm up one step less.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The way after the warm-up.
    public let kind: ScheduleKind
    /// The highest rate, at the end of the warm-up.
    public let peak: Double
    /// Steps over which the rate rises.
    public let warmupSteps: Int
    /// Optimizer steps in all.
    public let totalSteps: Int

    /// A schedule over `totalSteps` steps.
    public init(kind: ScheduleKind, peak: Double, warmupRatio: Double, totalSteps: Int) {
        self.kind = kind
        self.peak = peak
        self.totalSteps = totalSteps
        warmupSteps = Int((Double(totalSteps) * warmupRatio).rounded(.up))
    }

    /// The rate of a step.
    ///
    /// - Parameter step: from 1. The first step of a warm-up has rate 0, as in transformers, whose schedulers count
    ///   the steps done.
    public func rate(step: Int) -> Double { peak * factor(stepsDone: step - 1) }

    private func factor(stepsDone: Int) -> Double {
        if stepsDone < warmupSteps { return Double(stepsDone) / Double(max(1, warmupSteps)) }
        let length = Double(max(1, totalSteps - warmupSteps))
        switch kind {
        case .constant: return 1
        case .linear: return max(0, Double(totalSteps - stepsDone) / length)
        case .cosine:
            let progress = Double(stepsDone - warmupSteps) / length
            return max(0, 0.5 * (1 + cos(Double.pi * progress)))
        }
    }
}
