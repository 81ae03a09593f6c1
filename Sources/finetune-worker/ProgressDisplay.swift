internal import FineTuning
internal import Foundation
internal import RunDirectory

/// Shows a run's progress on standard error: a bar that is redrawn on a terminal, else a line now and then.
final class ProgressDisplay {
    private let isTerminal: Bool
    private let clock = ContinuousClock()
    private var lastShown: ContinuousClock.Instant?
    /// Where the estimate of the remaining time starts: the first step of this process.
    private var origin: (step: Int, time: ContinuousClock.Instant)?
    private var isBarOpen = false

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// Shows an entry of the journal.
    func show(_ content: JournalEntry.Content) {
        switch content {
        case .started(let start):
            line(
                "training \(start.trainableParameters) of \(start.parameters) parameters on \(start.trainingRows) "
                    + "examples, \(start.validationRows) for validation, \(start.totalSteps) steps, labels: "
                    + start.labels.joined(separator: ", "))
        case .metrics(let point): step(point)
        case .evaluation(let evaluation):
            line(
                "step \(evaluation.step): validation loss \(Self.decimals(evaluation.validLoss))"
                    + evaluation.metrics.entries.prefix(4).map { ", \($0.name.rawValue) \(Self.decimals($0.value))" }
                    .joined())
        case .checkpoint(let checkpoint):
            line(
                "step \(checkpoint.step): checkpoint \(checkpoint.name)\(checkpoint.isBest ? ", the best so far" : "")")
        case .log(let level, let message): line("\(level.rawValue): \(message)")
        case .finished(let result): line("finished after \(result.step) steps; the model is \(result.checkpoint)")
        case .stopped(let reason, let step): line("stopped after step \(step) (\(reason.rawValue))")
        case .failed: finish()
        }
    }

    /// Ends the bar, so that other output begins on a line of its own.
    func finish() {
        if isBarOpen { StandardError.write("\n") }
        isBarOpen = false
    }

    private func step(_ point: MetricPoint) {
        let now = clock.now
        guard let start = origin else {
            origin = (point.step, now)
            if !isTerminal { line(Self.text(point, remaining: nil)) }
            return
        }
        let isLast = point.step == point.totalSteps
        let pause = isTerminal ? Duration.milliseconds(100) : .seconds(5)
        if let lastShown, now - lastShown < pause, !isLast { return }
        lastShown = now
        let perStep = (now - start.time) / Double(point.step - start.step)
        let text = Self.text(point, remaining: perStep * Double(point.totalSteps - point.step))
        if isTerminal { draw(point, text) } else { line(text) }
    }

    private func draw(_ point: MetricPoint, _ text: String) {
        let width = max(0, min(30, StandardError.columns - text.count - 4))
        let filled = width * point.step / max(1, point.totalSteps)
        let bar =
            width > 4
            ? "[\(String(repeating: "█", count: filled))\(String(repeating: "·", count: width - filled))] " : ""
        StandardError.write("\r\u{1B}[2K\(bar)\(text)")
        isBarOpen = true
    }

    private func line(_ text: String) {
        if isBarOpen { StandardError.write("\r\u{1B}[2K") }
        isBarOpen = false
        StandardError.write(text + "\n")
    }

    private static func text(_ point: MetricPoint, remaining: Duration?) -> String {
        let time = remaining.map { ", \(clock($0)) to go" } ?? ""
        return "step \(point.step)/\(point.totalSteps): loss \(decimals(point.trainLoss)), "
            + "\(Int(point.samplesPerSecond.rounded())) samples/s\(time)"
    }

    private static func decimals(_ value: Double) -> String { String(format: "%.4f", value) }

    private static func clock(_ duration: Duration) -> String {
        let seconds = Int((duration / .seconds(1)).rounded())
        let (minutes, rest) = (seconds / 60, seconds % 60)
        return minutes >= 60
            ? String(format: "%d:%02d:%02d", minutes / 60, minutes % 60, rest)
            : String(format: "%d:%02d", minutes, rest)
    }
}
