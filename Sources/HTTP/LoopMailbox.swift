import POSIX
import Synchronization

/// Where handlers leave word for an event loop; the only thing the two share.
final class LoopMailbox: Sendable {
    /// What a loop is told. Tokens name a connection and are never used twice.
    enum Message: Sendable {
        case respond(UInt64, PreparedResponse)
        /// The handler waits for the body, or has made room.
        case bodyDemand(UInt64)
        /// A streamed body has bytes, or has ended.
        case output(UInt64)
        /// Finish what is under way, at the latest at this time (milliseconds of the monotonic clock).
        case drain(deadline: UInt64)
    }

    let counter: EventCounter
    private let state = Mutex(State())

    private struct State {
        var messages: [Message] = []
        /// Whether the loop looks here by itself before it waits.
        var isLoopAwake = true
    }

    init() throws(SystemCallError) {
        counter = try EventCounter()
    }

    /// Leaves a message; the loop is woken only where it waits, by the first of several.
    func post(_ message: Message) {
        let isAwaited = state.withLock { state in
            state.messages.append(message)
            return !state.isLoopAwake && state.messages.count == 1
        }
        if isAwaited { counter.signal() }
    }

    /// Exchanges what has come for an empty list that keeps its storage.
    func swap(_ list: inout [Message]) {
        state.withLock { Swift.swap(&$0.messages, &list) }
    }

    /// Says that the loop is about to wait.
    ///
    /// - Returns: false where there are messages: it must not wait.
    func loopFallsAsleep() -> Bool {
        state.withLock { state in
            state.isLoopAwake = !state.messages.isEmpty
            return !state.isLoopAwake
        }
    }

    /// Says that the loop has waited, and that it looks for messages before it does so again.
    func loopWakes() {
        state.withLock { $0.isLoopAwake = true }
    }
}
