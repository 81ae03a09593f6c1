internal import Foundation
public import FineTuning

/// The learning rate of every optimizer step: a warm-up in a straight line from 0, then the way of its kind.
///
/// The factors are those of transformers' `get_scheduler` (optimization.py); the slanted triangle is that of ULMFiT
/// (Howard and Ruder 2018, formula 3) with its ratio of 32, where the warm-up is the share that it rises over. The warm-up
/// has ⌈ratio · total⌉ steps, as the Trainer takes it (`TrainingArguments.get_warmup_steps`); scripts that write
/// `int(ratio * total)` warm up one step less.
public struct LearningRateSchedule: Sendable, Hashable {
    /// The way after the warm-up.
    public let kind: ScheduleKind
    /// The highest rate, at the end of the warm-up.
    public let peak: Double
    /// The exponent of a polynomial.
    public let power: Double
    /// Steps over which the rate rises.
    public let warmupSteps: Int
    /// Optimizer steps in all.
    public let totalSteps: Int

    /// Where a polynomial ends (`lr_end` of transformers).
    static let polynomialEnd = 1e-7
    /// How much the highest rate of a slanted triangle is above its lowest.
    static let triangleRatio = 32.0
    /// Steps over which an inverse root falls to 1/√2 without a warm-up.
    static let defaultTimescale = 10_000

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
        if kind == .slantedTriangular { return triangle(stepsDone) }
        if stepsDone < warmupSteps { return Double(stepsDone) / Double(max(1, warmupSteps)) }
        let length = Double(max(1, totalSteps - warmupSteps))
        let progress = Double(stepsDone - warmupSteps) / length
        switch kind {
        case .constant: return 1
        case .linear: return max(0, Double(totalSteps - stepsDone) / length)
        case .cosine: return max(0, 0.5 * (1 + cos(Double.pi * progress)))
        case .polynomial:
            let end = min(Self.polynomialEnd, peak) / peak
            return (1 - end) * pow(max(0, 1 - progress), power) + end
        case .inverseSquareRoot:
            let timescale = warmupSteps > 0 ? warmupSteps : Self.defaultTimescale
            return 1 / (Double(stepsDone + timescale - warmupSteps) / Double(timescale)).squareRoot()
        case .slantedTriangular: return triangle(stepsDone)
        }
    }

    /// (1 + p·(ratio - 1)) / ratio, where p rises to 1 over the warm-up and falls to 0 after it.
    private func triangle(_ stepsDone: Int) -> Double {
        let p =
            stepsDone < warmupSteps
            ? Double(stepsDone) / Double(warmupSteps)
            : 1 - Double(stepsDone - warmupSteps) / Double(max(1, totalSteps - warmupSteps))
        return (1 + max(0, p) * (Self.triangleRatio - 1)) / Self.triangleRatio
    }
}
