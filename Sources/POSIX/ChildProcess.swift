import CLinux
import Glibc
import Synchronization

/// A program that was started as a child, in a session and so a process group of its own: what happens to this process's
/// terminal does not reach it.
///
/// The child gets exactly the three standard descriptors: everything above is closed. It outlives this object and
/// this process unless it is signalled.
public final class ChildProcess: Sendable {
    /// How a process ended.
    public enum Exit: Hashable, Sendable, CustomStringConvertible {
        /// It returned this status.
        case exited(Int32)
        /// A signal ended it: the signal's number, 9 where the system was out of memory.
        case signalled(Int32)

        /// Whether it ended by itself with status 0.
        public var isSuccess: Bool { self == .exited(0) }

        /// "exited with status 1" or "killed by signal 9".
        public var description: String {
            switch self {
            case .exited(let status): "exited with status \(status)"
            case .signalled(let signal): "killed by signal \(signal)"
            }
        }
    }

    /// The number of the process, which is also that of its group.
    public let identifier: Int32
    private let state = Mutex(State())

    private struct State {
        var exit: Exit?
        var waiters: [CheckedContinuation<Exit, Never>] = []
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: path of the executable; no shell, no search.
    ///   - arguments: what follows the program's own name.
    ///   - environment: the whole environment of the child.
    ///   - directory: working directory; nil keeps this process's.
    ///   - input: descriptor that becomes standard input; nil is `/dev/null`.
    ///   - output: descriptor that becomes standard output; nil is `/dev/null`.
    ///   - error: descriptor that becomes standard error; nil is `/dev/null`.
    /// - Throws: `SystemCallError`, also where the program cannot be executed.
    public init(
        _ program: String, arguments: [String], environment: [String: String], directory: String? = nil,
        input: Int32? = nil, output: Int32? = nil, error: Int32? = nil
    ) throws(SystemCallError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        // Moved out of 0–2 first, so that no dup2 overwrites a descriptor that a later one needs.
        var moved: [Int32] = []
        defer { for raw in moved { close(raw) } }
        for (target, given) in [(STDIN_FILENO, input), (STDOUT_FILENO, output), (STDERR_FILENO, error)] {
            if let given {
                let raw = try checked("fcntl(F_DUPFD_CLOEXEC)") { fcntl(given, F_DUPFD_CLOEXEC, 3) }
                moved.append(raw)
                posix_spawn_file_actions_adddup2(&actions, raw, target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDWR, 0)
            }
        }
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        Self.configure(&attributes)

        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, program, &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemCallError(call: "posix_spawn", code: code, path: program) }
        self.identifier = identifier
        PlatformThread.detach(name: "wait \(identifier)") { [self] in awaitExit() }
    }

    /// How the process ended, without waiting; nil while it runs.
    public var exit: Exit? { state.withLock { $0.exit } }

    /// Waits, without blocking a thread of the pool, until the process has ended.
    public func waitForExit() async -> Exit {
        await withCheckedContinuation { continuation in
            let exit = state.withLock { state -> Exit? in
                if state.exit == nil { state.waiters.append(continuation) }
                return state.exit
            }
            if let exit { continuation.resume(returning: exit) }
        }
    }

    /// Sends a signal to the process.
    ///
    /// - Returns: false where it has already ended.
    @discardableResult
    public func send(_ signal: Signal) throws(SystemCallError) -> Bool {
        try send(signal, to: identifier)
    }

    /// Sends a signal to the process and all of its descendants in its group.
    ///
    /// - Returns: false where it has already ended.
    @discardableResult
    public func sendToGroup(_ signal: Signal) throws(SystemCallError) -> Bool {
        try send(signal, to: -identifier)
    }

    private func send(_ signal: Signal, to target: Int32) throws(SystemCallError) -> Bool {
        // The number cannot have been given to another process: it is freed by waitid below, under this lock.
        var failure: SystemCallError?
        let isSent = state.withLock { state -> Bool in
            guard state.exit == nil else { return false }
            do throws(SystemCallError) {
                return try Signals.send(signal, to: target)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return isSent
    }

    private func awaitExit() {
        var information = siginfo_t()
        // WNOWAIT: see that it has ended first, and free its number only with the lock held.
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        let (exit, waiters) = state.withLock { state -> (Exit, [CheckedContinuation<Exit, Never>]) in
            var status: Int32 = 0
            while waitpid(identifier, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7F
            let exit: Exit = signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
            state.exit = exit
            defer { state.waiters = [] }
            return (exit, state.waiters)
        }
        for waiter in waiters { waiter.resume(returning: exit) }
    }

    /// A session of its own, no signal blocked, every signal at its default.
    private static func configure(_ attributes: inout posix_spawnattr_t) {
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = setSession | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
    }

    /// POSIX_SPAWN_SETSID of spawn.h, which is behind a macro that Swift does not see.
    private static let setSession: Int32 = 0x80
}
