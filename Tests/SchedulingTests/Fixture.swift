import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Scheduling
import Storage
import Synchronization
import Testing

/// A data directory with a database and a scheduler over scripted workers; removed with the test.
final class Fixture: Sendable {
    let path: String
    let database: Database
    let scheduler: Scheduler
    let notices: Notices

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    /// The scripted worker, which is built beside the tests' program.
    static let worker = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "scripted-worker").path

    /// Where every time is short, and nothing waits that need not.
    static func configuration(_ notices: Notices) -> SchedulerConfiguration {
        var configuration = SchedulerConfiguration()
        configuration.organization = "acme"
        configuration.pollInterval = .milliseconds(5)
        configuration.retryDelay = .milliseconds(20)
        configuration.report = { notices.add($0) }
        return configuration
    }

    /// Runs `body` with a scheduler that is started and, in the end, stopped.
    static func run(
        slots: Int = 1, quota: Quota = Quota(), launcher: (any Launcher)? = nil, answering: String = worker,
        configure: (inout SchedulerConfiguration) -> Void = { _ in },
        _ body: (Fixture) async throws -> Void
    ) async throws {
        try await runUnstarted(
            slots: slots, quota: quota, launcher: launcher, answering: answering, configure: configure
        ) { fixture in
            try await fixture.scheduler.start()
            try await body(fixture)
        }
    }

    /// Runs `body` with a scheduler that is not started, over a new data directory or one that another fixture left.
    static func runUnstarted(
        path: String? = nil, slots: Int = 1, quota: Quota = Quota(), launcher: (any Launcher)? = nil,
        answering: String = worker, configure: (inout SchedulerConfiguration) -> Void = { _ in },
        _ body: (Fixture) async throws -> Void
    ) async throws {
        let path = path ?? NSTemporaryDirectory() + "scheduling-tests-\(UUID().uuidString)"
        let fixture = try await Fixture(
            path: path, slots: slots, quota: quota, launcher: launcher, answering: answering, configure: configure)
        do {
            try await body(fixture)
        } catch {
            await fixture.end()
            throw error
        }
        await fixture.end()
    }

    /// A scheduler over a data directory, which may be one that another fixture left; not started.
    init(
        path: String, slots: Int = 1, quota: Quota = Quota(), launcher: (any Launcher)? = nil,
        answering: String = worker, configure: (inout SchedulerConfiguration) -> Void = { _ in }
    ) async throws {
        self.path = path
        notices = Notices()
        var configuration = Self.configuration(notices)
        configure(&configuration)
        // Not exclusive: some tests let a scheduler die and cannot wait for the last of its tasks.
        let directory = try DataDirectory(path: path, exclusive: false)
        try DataDirectory.createDirectory("\(path)/models/tiny")
        try DurableFile.write(Array("{}".utf8), to: "\(path)/models/tiny/config.json")
        database = try await Database(
            directory: directory, migrations: "\(Self.root)/migrations", defaultQuota: quota)
        scheduler = Scheduler(
            database: database, slots: slots, launcher: launcher ?? LocalLauncher(program: Self.worker),
            answerer: Answerer(program: answering, threads: 1), configuration: configuration)
    }

    /// Stops the scheduler, kills workers that are left, and removes the directory.
    func end() async {
        await scheduler.stop()
        for job in (try? await database.jobs.inState(.running)) ?? [] { try? kill(job.id) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A job of a script that waits in the queue; the scheduler is woken.
    func submit(_ script: JSONObject, priority: Int = 0) async throws -> String {
        let job = try await create(JSONValue.object(script).text, priority: priority)
        try await database.jobs.finishValidation(job.id, recipe: job.recipe, warnings: [])
        await scheduler.wake()
        return job.id
    }

    /// A job whose files are still to be checked.
    func create(_ content: String, priority: Int = 0, batchSize: Int = 16) async throws -> Job {
        let temporary = database.directory.temporaryPath()
        try DurableFile.write(Array(content.utf8), to: temporary)
        let file = StoredFile(
            bytes: content.utf8.count, createdAt: 1_700_000_000, filename: "script.jsonl", purpose: .fineTune,
            sha256: String(repeating: "0", count: 64))
        try await database.files.add(file, movingFrom: temporary)
        var recipe = Recipe(model: "tiny", seed: 1)
        recipe.resources.priority = priority
        recipe.hyperparameters.batchSize = batchSize
        return try await database.jobs.create(
            Job(createdAt: 1_700_000_000, recipe: recipe, trainingFile: file.id, suffix: "s"))
    }

    /// Waits, without looking more often than something happens, until a job is as it should be.
    func wait(_ id: String, until isThere: (Job) -> Bool) async throws -> Job {
        let subscription = database.feed.subscribe(jobID: id, after: 0)
        for try await _ in subscription {
            let job = try await database.jobs.job(id)
            if isThere(job) { return job }
        }
        throw CancellationError()
    }

    func wait(_ id: String, for state: JobState) async throws -> Job {
        try await wait(id) { $0.state == state || $0.state.isTerminal }
    }

    /// Waits where another daemon of the same data may be the one that brings the job there: its events are not told
    /// here.
    func look(_ id: String, for state: JobState) async throws -> Job {
        while true {
            let job = try await database.jobs.job(id)
            if job.state == state || job.state.isTerminal { return job }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    func waitForStep(_ step: Int, of id: String) async throws {
        let job = try await wait(id) { ($0.progress?.step ?? 0) >= step || $0.state.isTerminal }
        try #require(!job.state.isTerminal, "\(job.state) before step \(step): \(job.error?.message ?? "")")
    }

    /// The steps of the stored curve, which are also those of the events.
    func steps(_ id: String) async throws -> [Int] {
        let events = try await events(id).filter { $0.kind == .metrics }.compactMap { $0.data["step"]?.integer }
        let points = try await database.metrics.points(jobID: id).map(\.step)
        #expect(events == points)
        return points
    }

    func events(_ id: String) async throws -> [Event] {
        try await database.events.following(0, jobID: id, limit: 10_000)
    }

    /// The states that a job went through.
    func states(_ id: String) async throws -> [JobState] { try await events(id).compactMap(\.state) }

    func runDirectory(_ id: String, attempt: Int = 1) -> RunDirectory {
        RunDirectory(path: database.directory.attemptPath(id, attempt: attempt))
    }

    /// Lets a worker go on that holds.
    func letGo(_ id: String, attempt: Int = 1) throws {
        try DurableFile.write([], to: "\(runDirectory(id, attempt: attempt).path)/go")
    }

    /// The process of a job's worker.
    func holder(_ id: String) throws -> Int32? {
        try WorkerLock.holder(checkpointsDirectory: database.directory.checkpointsPath(id))
    }

    /// Kills a job's worker.
    func kill(_ id: String) throws {
        if let holder = try holder(id) { try Signals.send(.kill, to: holder) }
    }
}

/// What a scheduler reported.
final class Notices: Sendable {
    private let list = Mutex<[SchedulerNotice]>([])
    private let additions = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))

    var all: [SchedulerNotice] { list.withLock { $0 } }

    func add(_ notice: SchedulerNotice) {
        list.withLock { $0.append(notice) }
        additions.continuation.yield()
    }

    /// Waits for a notice; one test at a time can.
    func first(where isIt: (SchedulerNotice) -> Bool) async throws -> SchedulerNotice {
        if let notice = all.first(where: isIt) { return notice }
        for await _ in additions.stream {
            if let notice = all.first(where: isIt) { return notice }
        }
        throw CancellationError()
    }
}
