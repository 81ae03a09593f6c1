internal import Glibc
internal import POSIX
internal import Synchronization

/// The file that a log goes to. It may be renamed away at any time: ``reopen()`` goes on in a new one of its name.
final class LogFile: Sendable {
    private let path: String
    private let state: Mutex<State>

    private struct State: ~Copyable {
        var file: FileDescriptor
        /// Whether the last line may have been written in part.
        var isTorn = false
    }

    /// Opens the file at its end, creating it (with mode 0600) where it is missing.
    init(path: String) throws(SystemCallError) {
        self.path = path
        state = Mutex(State(file: try Self.open(path)))
    }

    private static func open(_ path: String) throws(SystemCallError) -> FileDescriptor {
        try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
    }

    /// Adds a line, in one call to the system.
    func write(_ line: String) throws(SystemCallError) {
        var failure: SystemCallError?
        state.withLock { state in
            do throws(SystemCallError) {
                try state.file.write(all: Array((state.isTorn ? "\n\(line)" : line).utf8))
                state.isTorn = false
            } catch {
                // On a full disk a part of the line may be there: the next one begins anew.
                state.isTorn = true
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Goes on in the file that has the name now, which is made where it is missing.
    ///
    /// - Throws: where it cannot be opened; then the old one is kept.
    func reopen() throws(SystemCallError) {
        let new = try Self.open(path)
        var slot: FileDescriptor? = consume new
        state.withLock { state in
            if let file = slot.take() { state = State(file: file) }
        }
    }
}
