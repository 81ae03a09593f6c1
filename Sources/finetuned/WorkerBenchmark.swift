internal import JSON
internal import POSIX
internal import Scheduling

/// What the worker program says of itself and of the machine's speed: `finetune-worker benchmark`.
struct WorkerBenchmark {
    /// The worker's version.
    let version: String
    /// The linear algebra library, as it names itself.
    let library: String
    /// Single-precision matrix products a second on all threads, in GFLOP.
    let rate: Double
    /// What the kernel enforces of the worker's confinement.
    let sandbox: String
    /// Whether that is files, programs and sockets.
    let isSandboxWhole: Bool

    /// Runs the program, for about a second.
    ///
    /// - Throws: ``CommandError/workerFailed(path:reason:)``
    init(program: String, threads: Int) async throws {
        let pipe = try FileDescriptor.pipe()
        let child: ChildProcess
        do {
            child = try ChildProcess(
                program, arguments: ["benchmark", "--threads", String(threads)],
                environment: WorkerEnvironment.variables, output: pipe.write.raw)
        } catch {
            throw CommandError.workerFailed(path: program, reason: "cannot be started: \(error.reason)")
        }
        let output = pipe.read.release()
        try pipe.write.close()
        let bytes = try await withCheckedThrowingContinuation { continuation in
            PlatformThread.detach(name: "benchmark") {
                let output = FileDescriptor(owning: output)
                continuation.resume(with: Swift.Result { try output.readToEnd() })
            }
        }
        let exit = await child.waitForExit()
        guard exit.isSuccess else { throw CommandError.workerFailed(path: program, reason: "\(exit)") }
        do {
            var fields = try JSONCursor(JSONValue(parsing: bytes)).fields()
            version = try fields.required("version").string()
            library = try fields.required("library").string()
            rate = try fields.required("sgemm_gflops").number()
            sandbox = try fields.required("sandbox").string()
            isSandboxWhole = try fields.required("is_sandbox_whole").bool()
        } catch {
            throw CommandError.workerFailed(path: program, reason: "answers what makes no sense: \(error)")
        }
    }
}
