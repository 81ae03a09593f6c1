internal import FineTuning
internal import POSIX
internal import RunDirectory

/// Makes a worker stop: word in the stop file, SIGTERM, and after a grace SIGKILL.
struct StopProcedure {
    private let grace: Duration
    /// What the user asked for; to cancel weighs more than to pause.
    private(set) var intent: JobIntent?
    private var told: JobIntent?
    private var deadline: SuspendingClock.Instant?

    init(grace: Duration) { self.grace = grace }

    /// Notes what the user asked for.
    mutating func ask(_ intent: JobIntent) {
        if self.intent != .cancel { self.intent = intent }
    }

    /// Does what is due.
    ///
    /// - Returns: whether the worker's time is up.
    /// - Throws: where it cannot be told at this moment; the next call tries again.
    mutating func advance(_ worker: WorkerHandle, _ directory: RunDirectory) throws(SystemCallError) -> Bool {
        guard let intent else { return false }
        let deadline = deadline ?? .now + grace
        self.deadline = deadline
        if told != intent {
            do {
                try directory.requestStop(StopReason(intent))
            } catch  where error.isDiskFull {
                // The signal alone stops it as well; what becomes of the job is in the database.
            }
            if try worker.send(.terminate) { told = intent }
        }
        return .now >= deadline
    }
}

extension StopReason {
    /// The reason for a worker to stop that a user's wish is.
    init(_ intent: JobIntent) {
        switch intent {
        case .cancel: self = .cancel
        case .pause: self = .pause
        }
    }
}
