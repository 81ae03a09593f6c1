internal import FineTuning
internal import Storage

/// Checking the files of new jobs.
extension Scheduler {
    /// Checks jobs one after another until none is left.
    func validate() async {
        let validator = JobValidator(database: database, answerer: answerer, memory: memory)
        do {
            // A job may come between the look that finds none and the end of this task: then a check is due again.
            while isCheckDue {
                isCheckDue = false
                while phase == .running, let job = try await database.jobs.inState(.validatingFiles).first {
                    checkedJob = job.id
                    try await validator.validate(job)
                    checkedJob = nil
                    wake()
                }
            }
        } catch {
            // A cancelled check is that of a cancelled job, or the scheduler stops.
            if !Task.isCancelled { retryLater("a job's files cannot be checked", error) }
        }
        checkedJob = nil
        validating = nil
        if Task.isCancelled { wake() }
    }
}
