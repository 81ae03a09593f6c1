internal import FineTuning
internal import Synchronization

/// Lets a number of tasks through at once; the others wait in the order they came, without blocking a thread.
///
/// A task that is cancelled while it waits leaves the line.
final class AsyncSemaphore: Sendable {
    private struct State {
        var free: Int
        var nextTicket: UInt64 = 0
        var line: [(ticket: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
        var isClosed = false
    }

    private let state: Mutex<State>
    private let longestLine: Int

    init(width: Int, longestLine: Int) {
        state = Mutex(State(free: width))
        self.longestLine = longestLine
    }

    /// Sends everybody away who waits or comes later.
    func close() {
        let line = state.withLock { state in
            state.isClosed = true
            defer { state.line = [] }
            return state.line
        }
        for waiter in line { waiter.continuation.resume(throwing: JobError.shuttingDown) }
    }

    /// Whether ``close()`` was called.
    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Waits for this task's turn, which lasts until it calls ``leave()``.
    ///
    /// - Throws: `JobError` where too many wait already or the semaphore is closed; `CancellationError`.
    func enter() async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let outcome = admit(ticket, continuation) { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.line.firstIndex { $0.ticket == ticket }.map { state.line.remove(at: $0) }
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// What to tell a task at once; nil where it waits.
    private func admit(
        _ ticket: UInt64, _ continuation: CheckedContinuation<Void, any Error>
    ) -> Result<Void, any Error>? {
        state.withLock { state in
            if state.isClosed { return .failure(JobError.shuttingDown) }
            if state.free > 0 {
                state.free -= 1
                return .success(())
            }
            if state.line.count >= longestLine { return .failure(JobError.tooManyWaiting(state.line.count)) }
            // Cancelled before it stood in the line, where the handler could find it: the caller looks again after.
            if Task.isCancelled { return .failure(CancellationError()) }
            state.line.append((ticket, continuation))
            return nil
        }
    }

    /// Ends this task's turn: the next in the line has it.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            if state.line.isEmpty {
                state.free += 1
                return nil
            }
            return state.line.removeFirst().continuation
        }
        next?.resume()
    }
}
