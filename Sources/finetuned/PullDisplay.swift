internal import Foundation
internal import ModelHub
internal import Synchronization

/// Shows how far a pull is on standard error: a bar that is redrawn on a terminal, else a line at every tenth.
final class PullDisplay: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var tenth = -1
        var isBarOpen = false
    }

    private let isTerminal: Bool
    private let state = Mutex(State())

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    /// Shows a state of the transfer.
    func show(_ progress: PullProgress) {
        state.withLock { state in
            if isTerminal { draw(progress, &state) } else { tell(progress, &state) }
        }
    }

    /// Ends the bar, so that other output begins on a line of its own.
    func finish() {
        state.withLock { state in
            if state.isBarOpen { Console.write("\n") }
            state.isBarOpen = false
        }
    }

    private func draw(_ progress: PullProgress, _ state: inout State) {
        let now = ContinuousClock.now
        let isComplete = progress.arrivedBytes == progress.totalBytes
        if let last = state.lastShown, now - last < .milliseconds(100), !isComplete { return }
        state.lastShown = now
        let text = Self.text(progress)
        let width = max(0, min(30, Console.columns - text.count - 4))
        let filled = width * progress.arrivedBytes / max(1, progress.totalBytes)
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
        Console.write("\r\u{1B}[2K[\(bar)] \(text)")
        state.isBarOpen = true
    }

    private func tell(_ progress: PullProgress, _ state: inout State) {
        let tenth = 10 * progress.arrivedBytes / max(1, progress.totalBytes)
        guard tenth > state.tenth else { return }
        state.tenth = tenth
        Console.write(Self.text(progress) + "\n")
    }

    private static func text(_ progress: PullProgress) -> String {
        "\(megabytes(progress.arrivedBytes)) of \(megabytes(progress.totalBytes)): \(progress.file)"
    }

    /// `90.9 MB`
    static func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
}
