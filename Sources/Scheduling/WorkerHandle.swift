internal import POSIX
internal import RunDirectory

/// The worker of one attempt, as the daemon sees it: by its process where that is a child, else by its locks.
struct WorkerHandle {
    private let checkpoints: String
    private let directory: RunDirectory
    /// The process, where the worker is a child of this one.
    let process: ChildProcess?

    /// A worker that was just started, or one from before the daemon's start.
    init(_ directory: RunDirectory, checkpoints: String, process: ChildProcess?) {
        self.checkpoints = checkpoints
        self.directory = directory
        self.process = process
    }

    /// Whether it lives.
    func isAlive() throws(SystemCallError) -> Bool {
        if let process { return process.exit == nil }
        if try WorkerLock.isHeld(checkpointsDirectory: checkpoints) { return true }
        // It may not have come so far as to take its own lock.
        return try directory.isLaunched()
    }

    /// Sends it a signal.
    ///
    /// - Returns: false where there is no process to send it to, or none yet.
    @discardableResult
    func send(_ signal: Signal) throws(SystemCallError) -> Bool {
        if let process { return try signal == .kill ? process.sendToGroup(signal) : process.send(signal) }
        return try WorkerLock.signalHolder(signal, checkpointsDirectory: checkpoints)
    }
}
