import CLinux
import Glibc

/// What a process may still do that reads files of unknown origin, from a moment on and for ever.
///
/// It can read and write what it names here and no other file, start no program, open no socket, reach no process but
/// its own, gain no privileges and leave no core dump. How much of that the kernel enforces is told by ``Protection``.
/// What was opened before stays open.
public struct Confinement: Sendable {
    /// Files and directories that may be read with all below them; those that are not there are left out.
    public var readablePaths: [String]
    /// Directories in which files and directories may be made, written, read, renamed and removed.
    public var writablePaths: [String]
    /// Bytes of memory that the process may have for data, more than which is a failed allocation; nil sets no limit.
    public var memoryBytes: Int?

    /// Descriptors that a confined process may have open at once.
    private static let openFiles = 1024

    /// A confinement; it begins with ``begin()``.
    public init(readablePaths: [String], writablePaths: [String], memoryBytes: Int? = nil) {
        self.readablePaths = readablePaths
        self.writablePaths = writablePaths
        self.memoryBytes = memoryBytes
    }

    /// Confines this process, which must have no other thread yet: those that run already would stay outside.
    ///
    /// - Returns: what is enforced.
    /// - Throws: `SystemCallError` where something that the kernel has cannot be had, or a writable directory is not
    ///   there; `EBUSY` where other threads run.
    public func begin() throws(SystemCallError) -> Protection {
        FaultPoint.reach("before confinement", writablePaths.first)
        if let count = ProcessStatus.number("Threads"), count > 1 {
            throw SystemCallError(call: "confine", code: EBUSY, path: "\(count) threads")
        }
        try ResourceLimit.coreDump.lower(to: 0)
        try ResourceLimit.openFiles.lower(to: Self.openFiles)
        if let memoryBytes { try ResourceLimit.data.lower(to: memoryBytes) }
        try checked("prctl(PR_SET_NO_NEW_PRIVS)") { process_control(PR_SET_NO_NEW_PRIVS, 1) }
        // No other process of the user looks into this one's memory.
        try checked("prctl(PR_SET_DUMPABLE)") { process_control(PR_SET_DUMPABLE, 0) }
        let version = Landlock.version
        if version > 0 { try enforceFiles(version) }
        return Protection(landlockVersion: version, refusesCalls: try Self.refuseCalls())
    }

    private func enforceFiles(_ version: Int) throws(SystemCallError) {
        let landlock = try Landlock(version: version)
        for path in readablePaths {
            do throws(SystemCallError) {
                try landlock.allow(.read, beneath: path)
            } catch  where error.code == ENOENT || error.code == ENOTDIR || error.code == EACCES {
                // What cannot be opened here cannot be opened later either, and who tries says so.
            }
        }
        for path in writablePaths { try landlock.allow(.write, beneath: path) }
        try landlock.enforce()
    }

    /// - Returns: false where the kernel or the architecture has no filter.
    private static func refuseCalls() throws(SystemCallError) -> Bool {
        if refuse_dangerous_calls() == 0 { return true }
        if [ENOSYS, EINVAL].contains(errno) { return false }
        throw .last("prctl(PR_SET_SECCOMP)")
    }
}
