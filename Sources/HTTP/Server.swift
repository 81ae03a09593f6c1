import Glibc
public import POSIX
import Synchronization

/// An HTTP/1.1 server (RFC 9110, RFC 9112).
public final class Server: Sendable {
    private let configuration: ServerConfiguration
    private let router: Router
    private let accessLog: (@Sendable (AccessRecord) -> Void)?
    private let counters = ServerCounters()
    private let state = Mutex(State())

    private struct State {
        var mailboxes: [LoopMailbox] = []
        var running = 0
        var failure: SystemCallError?
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    /// A server that does not listen yet.
    ///
    /// - Parameter accessLog: is told of every exchange; it is called on the event loop and must not block.
    public init(
        configuration: ServerConfiguration, router: Router, accessLog: (@Sendable (AccessRecord) -> Void)? = nil
    ) {
        self.configuration = configuration
        self.router = router
        self.accessLog = accessLog
    }

    /// What it has done so far.
    public var statistics: ServerStatistics { counters.statistics }

    /// Begins to listen and to serve.
    ///
    /// - Returns: the address, with the port that the system chose where 0 was asked for.
    /// - Throws: `ServerConfiguration.InvalidValueError`; `SystemCallError`, such as `EADDRINUSE`.
    public func start() async throws -> SocketAddress {
        try configuration.validate()
        var configuration = configuration
        configuration.maximumConnections = configuration.connections(openFiles: OpenFileLimit.raise())
        Signals.ignoreBrokenPipe()
        let listener = EventLoop.Listener(
            try Socket.listening(on: configuration.address, backlog: Int32(clamping: configuration.backlog)))
        let address = try listener.socket.localAddress()
        let handler = router.makeHandler()
        let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let executor = HandlerExecutor(width: max(4, cores), greatestWidth: configuration.maximumHandlerThreads)
        let mailboxes = try (0..<configuration.eventLoops).map { _ in try LoopMailbox() }
        state.withLock { state in
            precondition(state.mailboxes.isEmpty, "a server is started once")
            state.mailboxes = mailboxes
            state.running = mailboxes.count
        }
        for (index, mailbox) in mailboxes.enumerated() {
            let setup = EventLoop.Setup(
                configuration: configuration, listener: listener, mailbox: mailbox, router: router, handler: handler,
                executor: executor, counters: counters, accessLog: accessLog)
            PlatformThread.detach(name: "http \(index)") { [self] in serve(setup) }
        }
        return address
    }

    private func serve(_ setup: EventLoop.Setup) {
        var failure: SystemCallError?
        do throws(SystemCallError) {
            try EventLoop(setup).run()
        } catch {
            failure = error
        }
        let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            state.running -= 1
            state.failure = state.failure ?? failure
            guard state.running == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Stops accepting and waits until every exchange is over. Event streams end with their last event.
    ///
    /// - Parameter timeout: after this, what is still open is cut off.
    public func drain(timeout: Duration = .seconds(10)) async throws {
        let deadline = MonotonicClock.now() + timeout.milliseconds
        for mailbox in state.withLock({ $0.mailboxes }) { mailbox.post(.drain(deadline: deadline)) }
        try await waitUntilStopped()
    }

    /// Waits until the server has drained.
    ///
    /// - Throws: `SystemCallError` where an event loop could not go on.
    public func waitUntilStopped() async throws {
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state -> Bool in
                if state.running > 0 { state.waiters.append(continuation) }
                return state.running == 0
            }
            if isStopped { continuation.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }
}
