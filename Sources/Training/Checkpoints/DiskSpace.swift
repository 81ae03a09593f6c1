internal import FineTuning
internal import Foundation
internal import POSIX

/// How much room a file system has.
public enum DiskSpace {
    /// Bytes that this process may still write to the file system of a directory.
    ///
    /// - Throws: `SystemCallError`
    public static func available(at path: String) throws -> Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { throw SystemCallError.last("statvfs", path: path) }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    /// Refuses to begin what would fill the disk.
    ///
    /// - Parameters:
    ///   - bytes: what is about to be written.
    ///   - path: a directory on the file system.
    /// - Throws: `JobError` of code `disk_full` that names both amounts.
    public static func require(_ bytes: Int, at path: String) throws {
        let available = try available(at: path)
        guard available < bytes else { return }
        throw JobError(
            .diskFull,
            "the disk is full: a checkpoint needs \(mebibytes(bytes)) in \(path), \(mebibytes(available)) are free; "
                + "free some space, then resume the job")
    }

    private static func mebibytes(_ bytes: Int) -> String { "\((bytes + (1 << 20) - 1) >> 20) MiB" }
}
