internal import Dispatch

/// Runs an actor's jobs on a dispatch queue of its own: SQLite's calls wait for the disk, which the threads of the
/// concurrency pool must not.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
