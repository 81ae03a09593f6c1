internal import FineTuning

/// What an attempt is known by.
struct AttemptKey: Hashable, Sendable {
    let jobID: String
    let number: Int

    init(_ job: Job) {
        jobID = job.id
        number = job.attempt
    }
}

/// An attempt with the task that supervises it.
struct SupervisedAttempt: Sendable {
    let supervisor: AttemptSupervisor
    let task: Task<Void, Never>
}
