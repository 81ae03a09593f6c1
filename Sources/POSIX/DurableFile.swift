internal import CLinux
import Glibc

/// Writes files so that after a crash or power loss a reader finds either the whole new file or the whole old one.
///
/// The way is the usual one: a temporary file in the same directory, fsync, rename over the name, fsync of the
/// directory (rename(2), fsync(2)).
public enum DurableFile {
    /// Writes `bytes` as the file at `path`.
    public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws(SystemCallError) {
        try write(to: path, mode: mode) { (descriptor) throws(SystemCallError) in try descriptor.write(all: bytes) }
    }

    /// Writes a file at `path` with what `body` writes to the descriptor it is given.
    ///
    /// - Throws: what `body` throws (then nothing is left behind), or `SystemCallError`.
    public static func write(
        to path: String, mode: UInt32 = 0o600, _ body: (borrowing FileDescriptor) throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        let directory = parent(of: path)
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).tmp"
        do throws(SystemCallError) {
            let descriptor = try FileDescriptor.open(temporary, O_WRONLY | O_CREAT | O_EXCL, mode: mode)
            try body(descriptor)
            try descriptor.synchronize()
            try descriptor.close()
            try move(temporary, to: path)
        } catch {
            unlink(temporary)
            throw error
        }
        try synchronizeDirectory(directory)
    }

    /// Renames a file or a directory within one file system, and waits until the new name is on the disk.
    ///
    /// What is inside a directory must have been synchronized before.
    public static func rename(from old: String, to new: String) throws(SystemCallError) {
        do throws(SystemCallError) {
            try synchronizeDirectory(old)
        } catch  where error.code == ENOTDIR {
            // A file, whose content its writer has synchronized.
        }
        try move(old, to: new)
        try synchronizeParents(new, old)
    }

    /// Lets two directories change their names, so that at every moment each name has one, and waits until that is on the
    /// disk. On a file system that cannot (renameat2(2)) the second name is without one for a moment.
    ///
    /// What is inside the first must have been synchronized before.
    public static func exchange(_ first: String, with second: String) throws(SystemCallError) {
        try synchronizeDirectory(first)
        FaultPoint.reach("before rename", second)
        do throws(SystemCallError) {
            try checked("renameat2", path: second) {
                renameat2(AT_FDCWD, first, AT_FDCWD, second, UInt32(RENAME_EXCHANGE))
            }
            FaultPoint.reach("after rename", second)
        } catch  where error.code == EINVAL || error.code == ENOSYS {
            let aside = "\(first).aside"
            try move(second, to: aside)
            try move(first, to: second)
            try move(aside, to: first)
        }
        try synchronizeParents(second, first)
    }

    /// Waits until two names are on the disk.
    private static func synchronizeParents(_ first: String, _ second: String) throws(SystemCallError) {
        try synchronizeDirectory(parent(of: first))
        if parent(of: second) != parent(of: first) { try synchronizeDirectory(parent(of: second)) }
    }

    /// Waits until the names in a directory are on the disk.
    public static func synchronizeDirectory(_ path: String) throws(SystemCallError) {
        try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY).synchronize()
    }

    private static func move(_ old: String, to new: String) throws(SystemCallError) {
        FaultPoint.reach("before rename", new)
        try checked("rename", path: new) { Glibc.rename(old, new) }
        FaultPoint.reach("after rename", new)
    }

    private static func parent(of path: String) -> String {
        var trimmed = Substring(path)
        while trimmed.count > 1, trimmed.last == "/" { trimmed.removeLast() }
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}
