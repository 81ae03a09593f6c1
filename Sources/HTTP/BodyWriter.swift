import Synchronization

/// Where a streamed body is written to. At most 128 KiB wait for a slow client, then `write` does.
public final class BodyWriter: Sendable {
    private let state = Mutex(State())
    /// Tells the connection that there are bytes to send, or that the body has ended.
    private let wake: @Sendable () -> Void

    /// How many bytes may wait before `write` does.
    static let capacity = 128 * 1024

    /// How the producer ended.
    enum End: Sendable {
        case complete
        case failed
    }

    private struct State {
        var chunks: [[UInt8]] = []
        /// Bytes given to `write` and not yet taken by the system.
        var pending = 0
        var end: End?
        var isClosed = false
        var isAnnounced = false
        var waiters: [CheckedContinuation<Void, any Error>] = []
    }

    init(wake: @escaping @Sendable () -> Void) {
        self.wake = wake
    }

    /// Sends bytes, and waits while too many are on the way. The bytes of one call are never torn apart by a drain.
    ///
    /// - Throws: `ConnectionClosedError` where the client is gone or the server has ended the stream.
    public func write(_ bytes: [UInt8]) async throws {
        if bytes.isEmpty { return }
        let (needsWake, mustWait) = try state.withLock { state -> (Bool, Bool) in
            if state.isClosed || state.end != nil { throw ConnectionClosedError() }
            state.chunks.append(bytes)
            state.pending += bytes.count
            defer { state.isAnnounced = true }
            return (!state.isAnnounced, state.pending > Self.capacity)
        }
        if needsWake { wake() }
        if mustWait { try await waitForRoom() }
    }

    /// Sends text.
    public func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    private func waitForRoom() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = state.withLock { state -> Result<Void, any Error>? in
                if state.isClosed { return .failure(ConnectionClosedError()) }
                if state.pending <= Self.capacity / 2 { return .success(()) }
                state.waiters.append(continuation)
                return nil
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    /// What the connection takes: the bytes that wait, and how the body ends where they are the last.
    func take() -> (chunks: [[UInt8]], end: End?) {
        state.withLock { state in
            state.isAnnounced = false
            defer { state.chunks = [] }
            return (state.chunks, state.end)
        }
    }

    /// Says that the system took `count` bytes of what `take` gave.
    func didSend(_ count: Int) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.pending -= count
            guard state.pending <= Self.capacity / 2 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Says that the producer has returned or thrown.
    func finish(_ end: End) {
        state.withLock { $0.end = end }
        wake()
    }

    /// Refuses everything from now on.
    func close() {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.isClosed = true
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(throwing: ConnectionClosedError()) }
    }
}
