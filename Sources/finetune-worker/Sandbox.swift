internal import Foundation
internal import POSIX

/// How the worker confines itself, before it reads any file that came from outside.
///
/// The daemon has checked none of the bytes that a worker reads: a model or a data file that finds a fault in it gets
/// hold of no more than what the worker was to read and write anyway.
enum Sandbox {
    /// What libraries of the system read when they are first used: their settings, their parts, the processors' number.
    ///
    /// Dispatch looks now and then into `/proc/THREAD/stat` and ends the process where it cannot. What other processes
    /// keep to themselves there, their memory and environment, a process under Landlock does not get.
    private static let systemPaths = [
        "/dev/urandom", "/etc/localtime", "/etc/ssl/openssl.cnf", "/lib", "/lib64", "/proc", "/sys/devices/system/cpu",
        "/usr/lib", "/usr/share/zoneinfo",
    ]

    /// Starts the program again, where OpenBLAS was not told to do without threads of its own, as the daemon tells it.
    ///
    /// It makes them when it is loaded. They serve nobody here, and would stay outside the confinement.
    static func ensureSingleThread() {
        guard getenv("OPENBLAS_NUM_THREADS").map({ String(cString: $0) }) != "1" else { return }
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        guard let program = realpath("/proc/self/exe", nil) else { return }
        execv(program, CommandLine.unsafeArgv)
        // Where that fails, the confinement finds the threads and tells of them.
        free(program)
    }

    /// Confines this process, which has only one thread yet.
    ///
    /// - Parameters:
    ///   - reading: files and directories that may be read.
    ///   - writing: directories that may be changed, too.
    ///   - memoryBytes: that were granted to the process; nil stands for the machine's.
    /// - Returns: what the kernel enforces.
    static func begin(
        reading: [String], writing: [String], memoryBytes: Int? = nil
    ) throws(SystemCallError) -> Protection {
        let confinement = Confinement(
            readablePaths: systemPaths + reading.flatMap { [$0] + linked(from: $0) }, writablePaths: writing,
            memoryBytes: memoryBytes ?? Int(clamping: ProcessInfo.processInfo.physicalMemory))
        return try confinement.begin()
    }

    /// What symbolic links in a directory lead to: people keep models in one place and link them to another.
    private static func linked(from path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.map { "\(path)/\($0)" }.filter {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: $0)) != nil
        }
    }

    /// The folder for nameless files of processes that answer, all of one user: else the whole of the system's folder
    /// for temporary files would be theirs.
    ///
    /// - Throws: `SystemCallError`; `EPERM` where another user has made the folder.
    static func temporaryFolder() throws(SystemCallError) -> String {
        let path = FileManager.default.temporaryDirectory.path + "/finetune-worker-\(geteuid())"
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw .last("mkdir", path: path) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw .last("lstat", path: path) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw SystemCallError(call: "mkdir", code: EPERM, path: path)
        }
        // Read wherever a temporary file is made.
        setenv("TMPDIR", path, 1)
        return path
    }
}
