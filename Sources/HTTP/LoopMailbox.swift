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
    private let messages = Mutex<[Message]>([])

    init() throws(SystemCallError) {
        counter = try EventCounter()
    }

    /// Leaves a message; the loop is woken only by the first of several.
    func post(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if isFirst { counter.signal() }
    }

    /// Exchanges what has come for an empty list that keeps its storage.
    func swap(_ list: inout [Message]) {
        messages.withLock { Swift.swap(&$0, &list) }
    }
}
