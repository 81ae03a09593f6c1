public import POSIX

/// The lock that a worker holds for its life, in the checkpoints directory that all attempts of a job share.
///
/// From it the daemon learns whether a worker lives, without guessing by process numbers; the file also names the
/// process that a signal must go to.
public struct WorkerLock: Sendable {
    private let lock: FileLock

    /// The lock's file in a checkpoints directory.
    public static func path(checkpointsDirectory: String) -> String { "\(checkpointsDirectory)/.lock" }

    /// Takes the lock and writes this process's number into it.
    ///
    /// - Returns: nil where another worker holds it.
    public static func tryAcquire(
        checkpointsDirectory: String, processIdentifier: Int32
    ) throws(SystemCallError) -> WorkerLock? {
        let path = path(checkpointsDirectory: checkpointsDirectory)
        guard let lock = try FileLock.tryAcquire(path) else { return nil }
        let file = try FileDescriptor.open(path, writeFlags)
        try file.write(all: Array("\(processIdentifier)\n".utf8))
        return WorkerLock(lock: lock)
    }

    /// The process number of the worker that holds the lock; nil where none does.
    public static func holder(checkpointsDirectory: String) throws(SystemCallError) -> Int32? {
        let path = path(checkpointsDirectory: checkpointsDirectory)
        guard try FileLock.isHeld(path) else { return nil }
        let text = String(decoding: try FileDescriptor.open(path).readToEnd(), as: UTF8.self)
        // A worker that has just taken the lock is about to write its number; until then the file names the one before.
        return Int32(text.prefix { $0 != "\n" })
    }

    /// Sends a signal to the worker that holds the lock, and to no other process that was given its number since.
    ///
    /// - Returns: false where none holds it, or none lives that has the number in the file.
    @discardableResult
    public static func signalHolder(_ signal: Signal, checkpointsDirectory: String) throws(SystemCallError) -> Bool {
        guard let number = try holder(checkpointsDirectory: checkpointsDirectory), number > 1,
            let process = try ProcessReference(number),
            // It was the holder when it was referred to, if it is the holder still.
            try holder(checkpointsDirectory: checkpointsDirectory) == number
        else { return false }
        return try process.send(signal)
    }

    /// Whether a worker holds the lock.
    public static func isHeld(checkpointsDirectory: String) throws(SystemCallError) -> Bool {
        try FileLock.isHeld(path(checkpointsDirectory: checkpointsDirectory))
    }
}
