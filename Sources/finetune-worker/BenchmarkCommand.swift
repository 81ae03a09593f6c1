internal import FineTuning
internal import JSON
internal import Tensors

/// `finetune-worker benchmark`
struct BenchmarkCommand {
    let threads: Int

    func run() -> ExitStatus {
        let rate = MatrixProductRate.measure(on: ThreadPool(threadCount: threads)).perSecond
        let report: JSONValue = [
            "version": .string(Release.version), "library": .string(MatrixProductRate.library),
            "threads": JSONValue(threads), "sgemm_gflops": .number((rate * 10).rounded() / 10),
        ]
        print(report.text)
        return .success
    }
}
