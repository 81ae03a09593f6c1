internal import FineTuning
internal import JSON
internal import POSIX
internal import Tensors

/// `finetune-worker benchmark`
struct BenchmarkCommand {
    let threads: Int

    func run() -> ExitStatus {
        let protection: Protection
        do {
            protection = try Sandbox.begin(reading: [], writing: [])
        } catch {
            StandardError.write("finetune-worker: cannot confine itself: \(error)\n")
            return .failed
        }
        let rate = MatrixProductRate.measure(on: ThreadPool(threadCount: threads)).perSecond
        let report: JSONValue = [
            "version": .string(Release.version), "library": .string(MatrixProductRate.library),
            "threads": JSONValue(threads), "sgemm_gflops": .number((rate * 10).rounded() / 10),
            "sandbox": .string(protection.description), "is_sandbox_whole": .bool(protection.isWhole),
        ]
        print(report.text)
        return .success
    }
}
