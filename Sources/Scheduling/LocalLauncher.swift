internal import Glibc
public import POSIX
public import RunDirectory

/// Starts workers as processes of this machine.
public struct LocalLauncher: Launcher {
    private let program: String
    private let environment: [String: String]

    /// A launcher.
    ///
    /// - Parameters:
    ///   - program: path of `finetune-worker`.
    ///   - environment: the whole environment of the workers; nothing secret may be in it.
    public init(program: String, environment: [String: String] = WorkerEnvironment.variables) {
        self.program = program
        self.environment = environment
    }

    /// Starts `finetune-worker train` in a session of its own; what it says goes to the run's `log.txt`, which stays
    /// locked until it ends: see ``RunDirectory/isLaunched()``.
    public func launch(_ directory: RunDirectory) async throws -> ChildProcess? {
        guard let log = try FileLock.tryAcquire(directory.logPath) else {
            throw SystemCallError(call: "lock", code: EBUSY, path: directory.logPath)
        }
        return try ChildProcess(
            program, arguments: ["train", directory.path], environment: environment, output: log.raw, error: log.raw)
    }
}
