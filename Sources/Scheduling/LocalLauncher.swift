internal import POSIX
public import RunDirectory

/// Starts workers as processes of this machine.
public struct LocalLauncher: Launcher {
    private let program: String

    /// A launcher.
    ///
    /// - Parameter program: path of `finetune-worker`.
    public init(program: String) { self.program = program }

    /// Starts `finetune-worker train` in a process group of its own; what it says goes to the run's `log.txt`.
    public func launch(_ directory: RunDirectory) async throws {
        _ = try ChildProcess(program, arguments: ["train", directory.path], environment: [:])
    }
}
