internal import POSIX
internal import RunDirectory

/// The worker of one attempt, as the daemon sees it: by its process where that is a child, else by its lock.
struct WorkerHandle {
    private let checkpoints: String
    private let directory: RunDirectory
    /// The process, where the worker is a child of this one.
    let process: ChildProcess?
    /// Until when a worker that was never seen may still appear.
    private let appearsUntil: SuspendingClock.Instant
    private var wasSeen: Bool

    /// A worker that was just started, or one from before the daemon's start.
    ///
    /// - Parameter grace: how long it may take to appear.
    init(_ directory: RunDirectory, checkpoints: String, process: ChildProcess?, grace: Duration) {
        self.checkpoints = checkpoints
        self.directory = directory
        self.process = process
        appearsUntil = .now + grace
        wasSeen = false
    }

    /// Whether it lives, or may still appear.
    mutating func isAlive() throws(SystemCallError) -> Bool {
        if let process { return process.exit == nil }
        if try WorkerLock.isHeld(checkpointsDirectory: checkpoints) {
            wasSeen = true
            return true
        }
        // It takes the lock before it makes the journal, and keeps it to its end.
        if wasSeen { return false }
        if try directory.hasJournal() { return false }
        return .now < appearsUntil
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
