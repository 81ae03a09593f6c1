import Synchronization

/// The body of a request, read by the handler as it arrives.
///
/// At most 64 KiB wait here: beyond that the connection is not read until the handler has caught up.
public final class RequestBody: Sendable {
    /// The length that the client declared, in bytes; 0 without a body, nil where it is chunked.
    public let declaredLength: Int?
    private let state: Mutex<State>
    /// Tells the connection that the handler waits for bytes, or has made room.
    private let demand: (@Sendable () -> Void)?

    /// How many bytes may wait before the connection is told to stop reading.
    static let capacity = 64 * 1024

    /// No body.
    static let empty = RequestBody([])

    private enum End {
        case complete
        case failed(any Error)
    }

    private struct State {
        var chunks: [[UInt8]] = []
        var buffered = 0
        var end: End?
        var waiter: CheckedContinuation<[UInt8]?, any Error>?
        /// Whether the connection stands still until the handler asks.
        var isPaused = false
    }

    /// A body that is already here.
    public init(_ bytes: [UInt8]) {
        declaredLength = bytes.count
        demand = nil
        state = Mutex(State(chunks: bytes.isEmpty ? [] : [bytes], buffered: bytes.count, end: .complete))
    }

    /// - Parameter isPaused: whether the connection wants to be told before the first byte (100-continue).
    init(declaredLength: Int?, isPaused: Bool, demand: @escaping @Sendable () -> Void) {
        self.declaredLength = declaredLength
        self.demand = demand
        state = Mutex(State(isPaused: isPaused))
    }

    /// The next bytes, as many as are here; nil after the last.
    ///
    /// One reader at a time.
    ///
    /// - Throws: `HTTPError` (400, 408, 413) where the body is malformed, too slow or too large;
    ///   `ConnectionClosedError` where the client is gone.
    public func next() async throws -> [UInt8]? {
        try await withCheckedThrowingContinuation { continuation in
            let (outcome, wantsMore) = state.withLock { state -> (Result<[UInt8]?, any Error>?, Bool) in
                let isPaused = state.isPaused && state.end == nil
                state.isPaused = false
                if let chunks = state.chunks.popAll() {
                    state.buffered = 0
                    return (.success(chunks), isPaused)
                }
                switch state.end {
                case .complete: return (.success(nil), false)
                case .failed(let error): return (.failure(error), false)
                case nil:
                    precondition(state.waiter == nil, "a request body has one reader at a time")
                    state.waiter = continuation
                    return (nil, isPaused)
                }
            }
            if wantsMore { demand?() }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    /// The whole body.
    ///
    /// - Parameter limit: bytes; a longer body is refused, where its length is declared before it is read.
    /// - Throws: `HTTPError` 413 beyond the limit, and what `next()` throws.
    public func collect(upTo limit: Int) async throws -> [UInt8] {
        let refusal = HTTPError.contentTooLarge("the request body is larger than \(limit) bytes")
        if let declaredLength, declaredLength > limit { throw refusal }
        var bytes: [UInt8] = []
        while let chunk = try await next() {
            if bytes.count + chunk.count > limit { throw refusal }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
        }
        return bytes
    }

    /// Takes bytes from the connection.
    ///
    /// - Returns: whether there is room for more.
    func append(_ chunk: [UInt8]) -> Bool {
        let (waiter, hasRoom) = state.withLock { state -> (CheckedContinuation<[UInt8]?, any Error>?, Bool) in
            if let waiter = state.waiter {
                state.waiter = nil
                return (waiter, true)
            }
            state.chunks.append(chunk)
            state.buffered += chunk.count
            state.isPaused = state.buffered >= Self.capacity
            return (nil, !state.isPaused)
        }
        waiter?.resume(returning: chunk)
        return hasRoom
    }

    /// Says that the last byte has been appended.
    func finish() { end(.complete) }

    /// Ends the body with an error, which a reader sees after the bytes that came before it.
    func fail(_ error: any Error) { end(.failed(error)) }

    private func end(_ end: End) {
        let waiter = state.withLock { state -> CheckedContinuation<[UInt8]?, any Error>? in
            guard state.end == nil else { return nil }
            state.end = end
            defer { state.waiter = nil }
            return state.waiter
        }
        switch end {
        case .complete: waiter?.resume(returning: nil)
        case .failed(let error): waiter?.resume(throwing: error)
        }
    }
}

extension [[UInt8]] {
    /// Everything that waits, as one array; nil where nothing does.
    fileprivate mutating func popAll() -> [UInt8]? {
        guard !isEmpty else { return nil }
        defer { self = [] }
        return count == 1 ? self[0] : Array<UInt8>(joined())
    }
}
