public import RunDirectory

/// Starts workers somewhere.
///
/// How a worker fares is learnt from its run directory and its lock, not from the launcher: it may outlive the daemon.
public protocol Launcher: Sendable {
    /// Starts the worker of a run directory, whose recipe is written.
    ///
    /// - Throws: where it cannot be started.
    func launch(_ directory: RunDirectory) async throws
}
