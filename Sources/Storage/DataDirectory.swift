internal import Foundation
internal import Glibc
public import POSIX

/// The directory in which everything lies: `finetuned.sqlite`, `files/`, `models/`, `runs/`, `tmp/`.
///
/// As long as this object lives no other process gets exclusive access.
public final class DataDirectory: Sendable {
    /// Absolute path, without a slash at its end.
    public let path: String
    private let lock: FileLock?

    /// Opens a data directory, creating it (with mode 0700) where it is missing.
    ///
    /// - Parameter exclusive: whether to keep other daemons out; false for tools that use the database beside one.
    /// - Throws: ``StorageError/locked(path:)`` where another process has it.
    public init(path: String, exclusive: Bool = true) throws {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        self.path = absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
        do {
            for directory in [self.path] + ["files", "models", "runs", "tmp"].map({ "\(absolute)/\($0)" }) {
                try Self.createDirectory(directory)
            }
        } catch {
            throw StorageError.unusableDirectory(path: self.path, reason: "\(error.localizedDescription)")
        }
        if exclusive {
            guard let lock = try FileLock.tryAcquire("\(self.path)/lock") else {
                throw StorageError.locked(path: self.path)
            }
            self.lock = lock
        } else {
            lock = nil
        }
    }

    /// Whether other daemons are kept out.
    public var isExclusive: Bool { lock != nil }
    /// The database file.
    public var databasePath: String { "\(path)/finetuned.sqlite" }
    /// Where the content of a stored file lies.
    public func filePath(_ id: String) -> String { "\(path)/files/\(id)" }
    /// A job's directory.
    public func jobPath(_ id: String) -> String { "\(path)/runs/\(id)" }
    /// The directory of a job's checkpoints, which all of its attempts share.
    public func checkpointsPath(_ jobID: String) -> String { "\(jobPath(jobID))/checkpoints" }
    /// The run directory of an attempt.
    public func attemptPath(_ jobID: String, attempt: Int) -> String { "\(jobPath(jobID))/attempt-\(attempt)" }
    /// A new name in `tmp/`, which is emptied at every start.
    public func temporaryPath() -> String { "\(path)/tmp/\(UUID().uuidString)" }

    /// Bytes that can still be written.
    public func freeBytes() throws(SystemCallError) -> Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw .last("statvfs", path: path) }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Creates a directory with mode 0700, with those above it.
    public static func createDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    /// Creates the directories of a job's attempt, durably.
    public func createAttempt(_ jobID: String, attempt: Int) throws {
        try Self.createDirectory(checkpointsPath(jobID))
        try Self.createDirectory(attemptPath(jobID, attempt: attempt))
        for directory in [jobPath(jobID), "\(path)/runs"] { try DurableFile.synchronizeDirectory(directory) }
    }

    /// Deletes what a stop in the middle of something left behind: all of `tmp/`, and files that have no row.
    func removeLeftovers(knownFiles: Set<String>) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: "\(path)/tmp") {
            try manager.removeItem(atPath: "\(path)/tmp/\(name)")
        }
        for name in try manager.contentsOfDirectory(atPath: "\(path)/files") where !knownFiles.contains(name) {
            try manager.removeItem(atPath: "\(path)/files/\(name)")
        }
    }
}
