internal import Foundation
internal import Glibc
public import POSIX

/// The directory in which everything lies: `finetuned.sqlite`, `files/`, `models/`, `runs/`, `tmp/`. Pretrained models
/// may lie elsewhere, so that several servers share them.
///
/// As long as this object lives no other process gets exclusive access.
public final class DataDirectory: Sendable {
    /// Absolute path, without a slash at its end.
    public let path: String
    /// Where the pretrained models lie; absolute path, without a slash at its end.
    public let modelsPath: String
    private let lock: FileLock?

    /// Opens a data directory, creating it (with mode 0700) where it is missing.
    ///
    /// - Parameters:
    ///   - models: where the pretrained models lie; nil is `models/` inside.
    ///   - exclusive: whether to keep other daemons out; false for tools that use the database beside one.
    /// - Throws: ``StorageError/locked(path:)`` where another process has it;
    ///   ``StorageError/unusableDirectory(path:reason:)``.
    public init(path: String, models: String? = nil, exclusive: Bool = true) throws {
        let absolute = Self.absolute(path)
        self.path = absolute
        modelsPath = models.map(Self.absolute) ?? "\(absolute)/models"
        for directory in [absolute, modelsPath] + ["files", "runs", "tmp"].map({ "\(absolute)/\($0)" }) {
            do throws(SystemCallError) {
                try Self.createDirectory(directory)
            } catch {
                throw StorageError.unusableDirectory(path: directory, reason: error.reason)
            }
            guard access(directory, W_OK | X_OK) == 0 || directory == modelsPath else {
                throw StorageError.unusableDirectory(
                    path: directory, reason: SystemCallError.last("access", path: directory).reason)
            }
        }
        // What is written durably below them is lost with them.
        try DurableFile.synchronizeDirectory(absolute)
        if exclusive {
            guard let lock = try FileLock.tryAcquire(Self.lockPath(of: absolute)) else {
                throw StorageError.locked(path: self.path)
            }
            self.lock = lock
        } else {
            lock = nil
        }
    }

    /// A data directory that is only read: nothing is made in it, and nobody is kept out.
    public init(existing path: String) {
        self.path = Self.absolute(path)
        modelsPath = "\(self.path)/models"
        lock = nil
    }

    static func absolute(_ path: String) -> String {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        return absolute.count > 1 && absolute.hasSuffix("/") ? String(absolute.dropLast()) : absolute
    }

    /// Whether other daemons are kept out.
    var isExclusive: Bool { lock != nil }
    /// The lock of the server that has it.
    public var lockPath: String { Self.lockPath(of: path) }
    private static func lockPath(of path: String) -> String { "\(path)/lock" }
    /// The database file.
    public var databasePath: String { "\(path)/finetuned.sqlite" }
    /// Where the content of a stored file lies.
    public func filePath(_ id: String) -> String { "\(path)/files/\(id)" }
    /// A job's directory.
    func jobPath(_ id: String) -> String { "\(path)/runs/\(id)" }
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

    /// Creates a directory with mode 0700, durably, with those above it; one that is there stays as it is.
    ///
    /// - Parameter path: absolute, without a slash at its end.
    public static func createDirectory(_ path: String) throws(SystemCallError) {
        let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
        var isMade = mkdir(path, 0o700) == 0
        if !isMade, errno == ENOENT, !parent.isEmpty {
            try createDirectory(parent)
            isMade = mkdir(path, 0o700) == 0
        }
        if isMade { return try DurableFile.synchronizeDirectory(parent.isEmpty ? "/" : parent) }
        let failure = SystemCallError.last("mkdir", path: path)
        var status = stat()
        let isDirectory = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard failure.code == EEXIST || failure.code == EROFS, isDirectory else { throw failure }
    }

    /// Creates the directories of a job's attempt, durably, and removes what those before it have left half written.
    public func createAttempt(_ jobID: String, attempt: Int) throws {
        for earlier in 1..<max(1, attempt) { try removeTemporaryFiles(in: attemptPath(jobID, attempt: earlier)) }
        try Self.createDirectory(checkpointsPath(jobID))
        try Self.createDirectory(attemptPath(jobID, attempt: attempt))
        for directory in [jobPath(jobID), "\(path)/runs"] { try DurableFile.synchronizeDirectory(directory) }
    }

    private func removeTemporaryFiles(in directory: String) throws {
        for name in try Self.names(in: directory) where name.hasSuffix(".tmp") {
            try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
    }

    /// What a directory holds, in order; nothing where there is none, as that of an attempt that was never launched.
    static func names(in directory: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
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
