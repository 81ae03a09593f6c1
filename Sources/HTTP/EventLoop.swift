import Glibc
import POSIX

/// One thread that serves connections: it waits for sockets and messages, and moves each connection's state on.
///
/// Everything here is touched by that thread only. Handlers run as tasks on threads of their own, or, where their
/// route says that they are prompt, begin on this one; what they have to say comes through the mailbox.
final class EventLoop {
    /// What a loop is made of; everything that crosses into its thread.
    struct Setup: Sendable {
        let configuration: ServerConfiguration
        let listener: Listener
        let mailbox: LoopMailbox
        let router: Router
        let handler: Handler
        let executor: HandlerExecutor
        let counters: ServerCounters
        let accessLog: (@Sendable (AccessRecord) -> Void)?
    }

    /// A listening socket that several loops share.
    final class Listener: Sendable {
        let socket: Socket

        init(_ socket: consuming Socket) { self.socket = socket }
    }

    /// The time-outs in milliseconds.
    struct Limits {
        let header, bodyIdle, bodyRateWindow, write, keepAlive, halfClosed, linger: UInt64

        init(_ configuration: ServerConfiguration) {
            header = configuration.headerTimeout.milliseconds
            bodyIdle = configuration.bodyIdleTimeout.milliseconds
            bodyRateWindow = configuration.bodyRateWindow.milliseconds
            write = configuration.writeTimeout.milliseconds
            keepAlive = configuration.keepAliveTimeout.milliseconds
            halfClosed = configuration.halfClosedTimeout.milliseconds
            linger = configuration.lingerTimeout.milliseconds
        }
    }

    static let listenerToken = UInt64.max
    static let mailboxToken = UInt64.max - 1
    /// How often time-outs are looked at, in milliseconds.
    private static let sweepInterval: UInt64 = 250

    let setup: Setup
    let limits: Limits
    let maximumConnections: Int
    var poller: Poller
    var listener: Listener?
    var isListening = false
    var drainDeadline: UInt64?
    /// By slot, which is the lower half of a token; the upper half counts how often the slot was used.
    var slots: [Connection?] = []
    var generations: [UInt32] = []
    var freeSlots: [Int] = []
    var openCount = 0
    var now = MonotonicClock.now()
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    private var nextSweep: UInt64 = 0
    /// What is to be started when all that came at once has been read.
    var runs: [HandlerRun] = []
    private var events: [Poller.Event] = []
    private var messages: [LoopMailbox.Message] = []
    private var dateSecond = -1
    private var dateBytes: [UInt8] = []

    init(_ setup: Setup) throws(SystemCallError) {
        self.setup = setup
        limits = Limits(setup.configuration)
        maximumConnections = max(1, setup.configuration.maximumConnections / setup.configuration.eventLoops)
        listener = setup.listener
        poller = try Poller()
        try poller.add(setup.mailbox.counter.descriptor.raw, .readable, token: Self.mailboxToken)
        try setListening(true)
    }

    deinit { readBuffer.deallocate() }

    var isDraining: Bool { drainDeadline != nil }

    /// Serves until a drain is complete.
    func run() throws(SystemCallError) {
        while !(isDraining && openCount == 0) {
            try poller.wait(timeout: setup.mailbox.loopFallsAsleep() ? patience : 0) { events.append($0) }
            setup.mailbox.loopWakes()
            now = MonotonicClock.now()
            for event in events { handle(event) }
            events.removeAll(keepingCapacity: true)
            readMailbox()
            startHandlers()
            if now >= nextSweep {
                nextSweep = now + Self.sweepInterval
                sweep()
            }
        }
    }

    /// How long to wait for something to happen, in milliseconds; without end where no time-out runs.
    private var patience: Int32? { openCount == 0 && isListening ? nil : Int32(Self.sweepInterval) }

    private func handle(_ event: Poller.Event) {
        switch event.token {
        case Self.listenerToken: acceptConnections()
        case Self.mailboxToken: setup.mailbox.counter.reset()
        default:
            guard let connection = connection(event.token) else { return }
            if event.isReadable || event.isReadHangUp { read(connection) }
            if event.isWritable, self.connection(event.token) != nil { flush(connection) }
            // Only once nothing can be read any more: the last bytes may have come together with the end.
            if event.isGone, !event.isReadable { close(connection) }
        }
    }

    private func readMailbox() {
        setup.mailbox.swap(&messages)
        for message in messages {
            switch message {
            case .respond(let token, let response):
                if let connection = connection(token) {
                    respond(connection, response)
                } else {
                    response.abandon()
                }
            case .bodyDemand(let token):
                if let connection = connection(token) { bodyIsWanted(connection) }
            case .output(let token):
                if let connection = connection(token) { pump(connection) }
            case .drain(let deadline): beginDrain(deadline)
            }
        }
        messages.removeAll(keepingCapacity: messages.capacity <= 4096)
    }

    /// The connection of a token, if it is still open.
    func connection(_ token: UInt64) -> Connection? {
        let slot = Int(token & 0xFFFF_FFFF)
        guard slot < slots.count, let connection = slots[slot], connection.token == token else { return nil }
        return connection
    }

    /// The value of `Date`, made once a second.
    func date() -> [UInt8] {
        let second = time(nil)
        if second != dateSecond {
            dateSecond = second
            dateBytes = Array(HTTPDate.format(seconds: second).utf8)
        }
        return dateBytes
    }
}
