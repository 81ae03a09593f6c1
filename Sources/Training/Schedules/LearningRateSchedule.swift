internal import Foundation
public import FineTuning

/// The learning rate of every optimizer step: a warm-up in a straight line from 0, then the way of its kind.
///
/// The factors are those of transformers' `get_linear_schedule_with_warmup`, `get_constant_schedule_with_warmup`,
/// `get_cosine_schedule_with_warmup`, `get_polynomial_decay_schedule_with_warmup` and `get_inverse_sqrt_schedule`; the
/// slanted triangle is ULMFiT's. The warm-up has ⌈ratio · total⌉ steps, as the Trainer takes it
/// (`TrainingArguments.get_warmup_steps`); scripts that write `int(ratio * total)` warm up one step less.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The way after the warm-up.
    public let kind: ScheduleKind
    /// The highest rate, at the end of the warm-up.
    public let peak: Double
    /// The power of a polynomial.
    public let power: Double
    /// Steps over which the rate rises.
    public let warmupSteps: Int
    /// Optimizer steps in all.
    public let totalSteps: Int

    /// A schedule over `totalSteps` steps.
    public init(kind: ScheduleKind, peak: Double, power: Double = 1, warmupRatio: Double, totalSteps: Int) {
        self.kind = kind
        self.peak = peak
        self.power = power
        self.totalSteps = totalSteps
        warmupSteps = Int((Double(totalSteps) * warmupRatio).rounded(.up))
    }

    /// The rate of a step.
    ///
    /// - Parameter step: from 1. The first step of a warm-up has rate 0, as in transformers, whose schedulers count
    ///   the steps done.
    public func rate(step: Int) -> Double { peak * factor(stepsDone: step - 1) }

    private func factor(stepsDone: Int) -> Double {
        if kind == .slantedTriangular { return slanted(stepsDone: stepsDone) }
        if stepsDone < warmupSteps { return Double(stepsDone) / Double(max(1, warmupSteps)) }
        let length = Double(max(1, totalSteps - warmupSteps))
        switch kind {
        case .constant, .slantedTriangular: return 1
        case .linear: return max(0, Double(totalSteps - stepsDone) / length)
        case .cosine:
            let progress = Double(stepsDone - warmupSteps) / length
            return max(0, 0.5 * (1 + cos(Double.pi * progress)))
        case .polynomial:
            let end = Self.polynomialEnd / peak
            let left = max(0, Double(totalSteps - stepsDone) / length)
            return (1 - end) * pow(left, power) + end
        case .inverseSquareRoot:
            let timescale = Double(warmupSteps > 0 ? warmupSteps : Self.timescaleWithoutWarmup)
            return 1 / (Double(stepsDone - warmupSteps) / timescale + 1).squareRoot()
        }
    }

    /// Up in a straight line over the warm-up, down in one to the end, both from and to 1/32 (ULMFiT, equation 3).
    private func slanted(stepsDone: Int) -> Double {
        let cut = max(1, warmupSteps)
        let share =
            stepsDone < cut
            ? Double(stepsDone) / Double(cut)
            : max(0, 1 - Double(stepsDone - cut) / Double(max(1, totalSteps - cut)))
        return (1 + share * (Self.slantedRatio - 1)) / Self.slantedRatio
    }

    /// The last rate of a polynomial (`lr_end` of `get_polynomial_decay_schedule_with_warmup`).
    private static let polynomialEnd = 1e-7
    /// As `get_inverse_sqrt_schedule` takes it where there is no warm-up.
    private static let timescaleWithoutWarmup = 10_000
    /// How much smaller the lowest rate is than the peak.
    private static let slantedRatio = 32.0
}
