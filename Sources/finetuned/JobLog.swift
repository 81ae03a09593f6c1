internal import FineTuning
internal import Storage
internal import Synchronization

/// Tells the log what happens to jobs, training steps aside.
final class JobLog: Sendable {
    private let database: Database
    private let log: Log
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(database: Database, log: Log) {
        self.database = database
        self.log = log
    }

    /// Begins with the next event.
    func start() {
        let events = database.feed.subscribe(after: database.feed.lastSequence)
        let task = Task { [log] in
            do {
                for try await batch in events {
                    for event in batch where event.kind != .metrics { log.write(event) }
                }
            } catch {
                log.write(.error, "job-log", [("error", "\(error)")])
            }
        }
        self.task.withLock { $0 = task }
    }

    /// Ends.
    func stop() { task.withLock { $0 }?.cancel() }
}
