import Glibc
import Synchronization

/// A signal that a process sends or is sent.
public enum Signal: Int32, Hashable, Sendable {
    /// SIGHUP
    case hangUp = 1
    /// SIGINT, control-C
    case interrupt = 2
    /// SIGKILL, which cannot be caught
    case kill = 9
    /// SIGUSR1
    case user1 = 10
    /// SIGTERM
    case terminate = 15
    /// SIGCONT
    case resume = 18
    /// SIGSTOP, which cannot be caught
    case stop = 19
}

/// Signals as a sequence of values instead of interruptions.
public enum Signals {
    /// Every occurrence of `signals` from now on, in place of what they do by default.
    ///
    /// The handler only writes the number into a pipe; a thread of its own reads it. So it does not matter which
    /// thread the system picks.
    public static func stream(_ signals: Set<Signal>) throws(SystemCallError) -> AsyncStream<Signal> {
        try makePipe()
        for signal in signals {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(handlerPipe.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
            action.sa_flags = Int32(SA_RESTART)
            try checked("sigaction") { sigaction(signal.rawValue, &action, nil) }
        }
        return AsyncStream { continuation in
            subscribers.withLock { $0.append(Subscriber(signals: signals, continuation: continuation)) }
        }
    }

    /// Makes a write to a closed pipe or socket an error (`EPIPE`) instead of the end of the process.
    public static func ignoreBrokenPipe() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Sends a signal to a process, or with a negative number to a process group.
    ///
    /// - Returns: false where there is no such process any more.
    @discardableResult
    public static func send(_ signal: Signal, to process: Int32) throws(SystemCallError) -> Bool {
        if kill(process, signal.rawValue) == 0 { return true }
        if errno == ESRCH { return false }
        throw .last("kill", path: String(process))
    }

    private struct Subscriber: Sendable {
        let signals: Set<Signal>
        let continuation: AsyncStream<Signal>.Continuation
    }

    private static let subscribers = Mutex<[Subscriber]>([])
    private static let pipeIsMade = Mutex(false)

    private static func makePipe() throws(SystemCallError) {
        var failure: SystemCallError?
        pipeIsMade.withLock { isMade in
            if isMade { return }
            do throws(SystemCallError) {
                let pipe = try FileDescriptor.pipe()
                try pipe.write.setNonBlocking()
                let (read, write) = pipe.release()
                handlerPipe.store(write, ordering: .relaxed)
                PlatformThread.detach(name: "signals") { deliver(from: read) }
                isMade = true
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private static func deliver(from raw: Int32) {
        var byte: UInt8 = 0
        while true {
            let count = read(raw, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return }
            guard let signal = Signal(rawValue: Int32(byte)) else { continue }
            for subscriber in subscribers.withLock({ $0 }) where subscriber.signals.contains(signal) {
                subscriber.continuation.yield(signal)
            }
        }
    }
}

/// The end of the pipe that the signal handler writes to. A global constant, so that the handler takes no lock.
private let handlerPipe = Atomic<Int32>(-1)

extension PipeEnds {
    /// Hands both numbers to the caller, who closes them.
    consuming func release() -> (read: Int32, write: Int32) {
        (read.release(), write.release())
    }
}
