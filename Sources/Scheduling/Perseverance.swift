internal import FineTuning
internal import POSIX
internal import RunDirectory
internal import Storage

/// Tries again, for as long as it takes, what only the state of the machine prevents: a full disk, a busy database, no
/// free file descriptor. It says so once.
struct Perseverance: Sendable {
    let jobID: String?
    let delay: Duration
    let report: @Sendable (SchedulerNotice) -> Void

    /// How often what may be a fault of this program is tried.
    private static let limit = 5

    init(_ configuration: SchedulerConfiguration, jobID: String? = nil) {
        self.jobID = jobID
        delay = configuration.retryDelay
        report = configuration.report
    }

    /// Runs `body` until it succeeds.
    ///
    /// - Throws: what will not go away by waiting; `CancellationError`.
    func callAsFunction<Result: Sendable>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async throws -> Result {
        var failures = 0
        while true {
            do {
                let result = try await body()
                if failures > 0 { report(SchedulerNotice(.info, jobID: jobID, "goes on")) }
                return result
            } catch {
                failures += 1
                guard Self.mayPass(error, failures) else { throw error }
                if failures == 1 {
                    let message = "cannot go on and tries again every \(delay): \(error)"
                    report(SchedulerNotice(.warn, jobID: jobID, message))
                }
                try await Task.sleep(for: delay)
            }
        }
    }

    private static func mayPass(_ error: any Error, _ failures: Int) -> Bool {
        if error is CancellationError || error is JobError || error is RunDirectoryError || error is StorageError {
            return false
        }
        let isShortage = (error as? SystemCallError)?.isShortage ?? (DatabaseTrouble(error) != nil)
        return isShortage || failures < limit
    }
}
