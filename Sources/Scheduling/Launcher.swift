public import POSIX
public import RunDirectory

/// Starts workers somewhere.
///
/// How a worker fares is learnt from its run directory and its lock, not from the launcher: it may outlive the daemon.
public protocol Launcher: Sendable {
    /// Starts the worker of a run directory, whose recipe is written.
    ///
    /// - Returns: the worker's process where it is a child of this one, so that its end is known at once; else nil.
    /// - Throws: where it cannot be started.
    func launch(_ directory: RunDirectory) async throws -> ChildProcess?
}
