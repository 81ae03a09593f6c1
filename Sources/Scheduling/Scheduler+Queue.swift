internal import FineTuning
internal import Storage

/// Starting what waits.
extension Scheduler {
    /// Starts jobs while there are slots; again where something changed meanwhile.
    func look() async {
        while isLookDue, phase == .running {
            isLookDue = false
            do {
                try await startWaitingJobs()
                reportedTrouble = nil
            } catch {
                retryLater("the queue cannot be served", error)
            }
        }
        looking = nil
    }

    private func startWaitingJobs() async throws {
        while phase == .running, attempts.count < slots, try await isNextAdmissible() {
            // Only this task adds attempts, so that the slot is still free after the claim. One that comes after a
            // stop stays as it is, and the next start puts it back.
            guard let job = try await database.jobs.claim() else { return try await tellHeldBack() }
            guard phase == .running else { return }
            supervise(job, .launch)
        }
    }

    /// Says why a job waits though a slot is free, once.
    private func tellHeldBack() async throws {
        let held = try await database.jobs.heldBack()
        for (id, running) in held where !heldBackJobs.contains(id) {
            let jobs = running == 1 ? "a job" : "\(running) jobs"
            let message = "Waiting for its turn: \(jobs) of the same token may train at once, and that many do"
            try await database.jobs.note(id, level: .info, message: message)
        }
        heldBackJobs = Set(held.map(\.id))
    }

    /// Whether there is memory for the first job of the queue.
    private func isNextAdmissible() async throws -> Bool {
        guard let next = try await database.jobs.nextInQueue(), let need = next.memoryBytes,
            let available = memory.available(), need > available
        else {
            jobWithoutMemory = nil
            return true
        }
        if jobWithoutMemory != next.id {
            jobWithoutMemory = next.id
            let message = "Waiting for memory: \(need >> 20) MiB are needed, \(available >> 20) MiB are free"
            try await database.jobs.note(next.id, level: .warn, message: message)
        }
        retryLater()
        return false
    }

    /// Supervises an attempt in a task of its own.
    func supervise(_ job: Job, _ beginning: AttemptSupervisor.Beginning) {
        let supervisor = AttemptSupervisor(
            job: job, database: database, launcher: launcher, configuration: configuration)
        let key = AttemptKey(job)
        let task = Task { [weak self] in
            await supervisor.run(beginning)
            await self?.finish(key)
        }
        attempts[key] = SupervisedAttempt(supervisor: supervisor, task: task)
    }

    private func finish(_ key: AttemptKey) {
        attempts[key] = nil
        wake()
    }

    /// Looks again after a while.
    func retryLater() {
        guard retrying == nil, phase == .running else { return }
        retrying = Task { [weak self, delay = configuration.retryDelay] in
            do { try await Task.sleep(for: delay) } catch { return }
            await self?.retry()
        }
    }

    /// Looks again after what failed, and says so once.
    func retryLater(_ what: String, _ error: any Error) {
        guard phase == .running else { return }
        let message = "\(what) and is tried again every \(configuration.retryDelay): \(error)"
        if reportedTrouble != message { configuration.report(SchedulerNotice(.error, message)) }
        reportedTrouble = message
        retryLater()
    }

    private func retry() {
        retrying = nil
        wake()
    }
}
