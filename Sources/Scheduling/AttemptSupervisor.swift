internal import FineTuning
internal import Foundation
internal import POSIX
internal import RunDirectory
internal import Storage

/// Sees one attempt of a job from its start, or from the daemon's, to its settlement and its worker's end.
actor AttemptSupervisor {
    /// How the supervision begins.
    enum Beginning {
        /// The job was just claimed.
        case launch
        /// The worker was launched before this daemon started.
        case attach
    }

    private let job: Job
    private let database: Database
    private let launcher: any Launcher
    private let configuration: SchedulerConfiguration
    private let directory: RunDirectory
    private let persevere: Perseverance
    private let memoryKillsBefore = OutOfMemoryKills.count()
    private var worker: WorkerHandle?
    private var stop: StopProcedure
    /// Why the worker was killed from here.
    private var killReason: String?

    init(job: Job, database: Database, launcher: any Launcher, configuration: SchedulerConfiguration) {
        self.job = job
        self.database = database
        self.launcher = launcher
        self.configuration = configuration
        directory = RunDirectory(path: database.directory.attemptPath(job.id, attempt: job.attempt))
        persevere = Perseverance(configuration, jobID: job.id)
        stop = StopProcedure(grace: configuration.stopGrace)
    }

    /// Passes on what the user asked for, which is already committed.
    func ask(_ intent: JobIntent) { stop.ask(intent) }

    /// Supervises. Returns when the job is settled and its worker has ended, or when the task is cancelled: then the
    /// worker runs on.
    func run(_ beginning: Beginning) async {
        do {
            if let outcome = try await anyOutcome(beginning) {
                try await AttemptSettlement(job: job, database: database, persevere: persevere).settle(outcome)
            } else {
                kill("the job does not run in this attempt any more")
            }
        } catch is CancellationError {
            return
        } catch {
            return report(.error, "cannot be settled and stays as it is until the next start: \(error)")
        }
        do { try await awaitEnd() } catch is CancellationError {} catch {
            report(.error, "whether its worker has ended cannot be seen: \(error)")
        }
    }

    /// How the attempt ends, also where it cannot be followed.
    private func anyOutcome(_ beginning: Beginning) async throws -> AttemptOutcome? {
        do {
            return try await outcome(beginning)
        } catch let error as CancellationError {
            throw error
        } catch {
            let message = "the attempt cannot be followed: \(error)"
            kill(message)
            return .failed(JobError(.internalError, message))
        }
    }

    /// How the attempt ends; nil where the job does not run in it any more.
    private func outcome(_ beginning: Beginning) async throws -> AttemptOutcome? {
        // A wish that came between the claim and this supervision has reached the database alone.
        let current = try await persevere { try await database.jobs.job(job.id) }
        if let intent = current.intent { stop.ask(intent) }
        if beginning == .launch {
            if let intent = stop.intent { return try await stopped(intent) }
            do {
                let launch = AttemptLaunch(
                    job: job, database: database, launcher: launcher, configuration: configuration)
                attach(try await launch.run())
            } catch let error as JobError {
                report(.error, error.message)
                return error.code == .workerDied ? .died(error) : .failed(error)
            }
        } else {
            attach(nil)
        }
        return try await follow()
    }

    private func attach(_ process: ChildProcess?) {
        worker = WorkerHandle(
            directory, checkpoints: database.directory.checkpointsPath(job.id), process: process)
    }

    /// Takes the journal in as it grows, until the worker has said how it ended, or is gone.
    private func follow() async throws -> AttemptOutcome? {
        var ingester = JournalIngester(directory, jobs: database.jobs, jobID: job.id, attempt: job.attempt)
        var silence = SilenceWatch(limit: try await silenceLimit())
        while true {
            do {
                let step = try await persevere { () async throws -> FollowStep in
                    // Asked before the journal is read: one that is gone by now has written all that it ever will.
                    let isAlive = try worker?.isAlive() ?? false
                    let step = try await drain(&ingester, &silence)
                    if case .goOn = step, !isAlive { return .ended(try await death()) }
                    try care(&silence)
                    return step
                }
                switch step {
                case .ended(let outcome): return outcome
                case .superseded: return nil
                case .goOn: try await Task.sleep(for: configuration.pollInterval)
                }
            } catch let error as RunDirectoryError {
                // After a power cut zeros may stand where lines were written, with whole lines behind them.
                let message = "the worker's journal is damaged, so that it cannot be followed: \(error)"
                kill(message)
                return .died(JobError(.internalError, message))
            } catch let error as JobError {
                return .failed(error)
            }
        }
    }

    /// What a look at worker and journal found.
    private enum FollowStep: Sendable {
        case goOn
        case ended(AttemptOutcome)
        case superseded
    }

    /// Takes in all that is there.
    private func drain(_ ingester: inout JournalIngester, _ silence: inout SilenceWatch) async throws -> FollowStep {
        while true {
            try Task.checkCancellation()
            switch try await ingester.takeIn() {
            case .nothing: return .goOn
            case .lines(let entries): silence.see(entries)
            case .ending(let entry): return .ended(try await outcome(of: entry))
            case .superseded: return .superseded
            }
        }
    }

    /// Stops the worker where it is asked for, and kills it where it is hung or takes too long.
    private func care(_ silence: inout SilenceWatch) throws {
        guard let worker, killReason == nil else { return }
        if try stop.advance(worker, directory) {
            kill("the worker did not stop within \(configuration.stopGrace) and was killed")
        } else if let allowed = silence.isOver {
            kill("the worker wrote nothing for \(allowed.components.seconds) s and was killed as hung")
        }
    }

    private func outcome(of entry: JournalEntry) async throws -> AttemptOutcome {
        switch entry.content {
        case .finished where stop.intent == .cancel: return try await stopped(.cancel)
        case .finished(let result):
            return try await FinishedRun(
                job: job, result: result, time: Int(entry.time), database: database,
                organization: configuration.organization
            ).outcome()
        case .failed(let error): return .failed(error)
        case .stopped(let reason, let step): return .stopped(reason, step: step)
        case .started, .metrics, .evaluation, .checkpoint, .log: preconditionFailure("no ending: \(entry)")
        }
    }

    /// The outcome of a worker that is gone without a word.
    private func death() async throws -> AttemptOutcome {
        let exit = worker?.process?.exit
        // The signal came before the worker was ready to catch it.
        if let intent = stop.intent, exit == .signalled(Signal.terminate.rawValue) { return try await stopped(intent) }
        let death = WorkerDeath(
            exit: exit, killReason: killReason, isMemoryShort: OutOfMemoryKills.count() > memoryKillsBefore,
            directory: directory)
        let error = death.error()
        report(.warn, error.message)
        return .died(error)
    }

    private func stopped(_ intent: JobIntent) async throws -> AttemptOutcome {
        let newest = try await database.checkpoints.page(jobID: job.id, limit: 1).elements.first
        return .stopped(StopReason(intent), step: newest?.step ?? 0)
    }

    private func silenceLimit() async throws -> SilenceLimit {
        try await persevere {
            var bytes = try await database.files.file(job.trainingFile).bytes
            if let file = job.validationFile { bytes += try await database.files.file(file).bytes }
            return SilenceLimit(patience: configuration.silenceLimit, recipe: job.recipe, dataBytes: bytes)
        }
    }

    /// Waits until the worker has ended, so that the next one finds memory and lock free.
    private func awaitEnd() async throws {
        let deadline = SuspendingClock.now + configuration.exitGrace
        while try await persevere({ try worker?.isAlive() ?? false }) {
            if .now >= deadline { kill("the worker did not end after its last word and was killed") }
            try await Task.sleep(for: configuration.pollInterval)
        }
    }

    private func kill(_ reason: String) {
        guard killReason == nil, let worker else { return }
        do {
            // Where it has no process yet, or none any more, the next look tells.
            guard try worker.send(.kill) else { return }
            killReason = reason
            report(.warn, reason)
        } catch {
            report(.error, "the worker cannot be killed: \(error)")
        }
    }

    private func report(_ level: Event.Level, _ message: String) {
        configuration.report(SchedulerNotice(level, jobID: job.id, "attempt \(job.attempt): \(message)"))
    }
}
