internal import FineTuning
internal import POSIX
internal import RunDirectory
internal import Storage

/// Finds, at the daemon's start, the jobs that ran when it last ended.
struct Rescuer {
    let database: Database

    /// Puts jobs whose worker was never launched back in the queue.
    ///
    /// - Returns: the others, whose journals must be followed to their ends: their workers may live or be gone.
    func run() async throws -> [Job] {
        var launched: [Job] = []
        for job in try await database.jobs.inState(.running) where job.sweep == nil {
            let directory = RunDirectory(path: database.directory.attemptPath(job.id, attempt: job.attempt))
            let mayBeLaunched: Bool
            do throws(SystemCallError) {
                mayBeLaunched = try directory.hasLog()
            } catch {
                // Whoever follows it will tell; the other jobs go on.
                mayBeLaunched = true
            }
            if mayBeLaunched {
                launched.append(job)
            } else {
                let newest = try await database.checkpoints.page(jobID: job.id, limit: 1).elements.first
                _ = try await database.jobs.settle(
                    job.id, attempt: job.attempt, outcome: .stopped(.shutdown, step: newest?.step ?? 0))
            }
        }
        return launched
    }
}
