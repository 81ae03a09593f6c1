import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("After the daemon's end", .timeLimit(.minutes(1)))
struct RestartTests {
    private static let holding: JSONObject = [
        "steps": 10, "incidents": [["attempt": 1, "step": 8, "kind": "hold"]],
    ]

    /// A job that is at step 7, its scheduler gone without a word; `body` gets another one, not started.
    private func abandoned(
        _ script: JSONObject = Self.holding, _ body: (String, Fixture) async throws -> Void
    ) async throws {
        let path = NSTemporaryDirectory() + "scheduling-tests-\(UUID().uuidString)"
        var id = ""
        do {
            let first = try await Fixture(path: path)
            try await first.scheduler.start()
            id = try await first.submit(script)
            try await first.waitForStep(7, of: id)
        }
        try await Fixture.runUnstarted(path: path) { try await body(id, $0) }
    }

    /// Waits for the end of a worker, which is a child of this process that others may wait for, too.
    private func ended(_ worker: Int32) async {
        await withCheckedContinuation { continuation in
            PlatformThread.detach(name: "end") {
                var information = siginfo_t()
                // ECHILD: it has ended, and who started it knows.
                while waitid(P_PID, id_t(worker), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
                continuation.resume()
            }
        }
    }

    @Test("the worker trains on, and the next daemon misses nothing")
    func reattached() async throws {
        try await abandoned(["steps": 60, "step_milliseconds": 3]) { id, second in
            try await second.scheduler.start()
            #expect(try await second.look(id, for: .succeeded).attempt == 1)
            #expect(try await second.steps(id) == Array(1...60))
        }
    }

    @Test("a worker that finished meanwhile is found finished")
    func finishedAlone() async throws {
        try await abandoned { id, second in
            let worker = try #require(try second.holder(id))
            try second.letGo(id)
            await ended(worker)
            try await second.scheduler.start()
            #expect(try await second.look(id, for: .succeeded).attempt == 1)
            #expect(try await second.steps(id) == Array(1...10))
        }
    }

    @Test("a worker that died meanwhile is replaced")
    func diedAlone() async throws {
        try await abandoned { id, second in
            let worker = try #require(try second.holder(id))
            try second.kill(id)
            await ended(worker)
            try await second.scheduler.start()
            #expect(try await second.look(id, for: .succeeded).attempt == 2)
            #expect(try await second.steps(id) == Array(1...10))
        }
    }

    @Test("a job that was cancelled before its worker was told is cancelled by the next")
    func cancelled() async throws {
        try await abandoned { id, second in
            _ = try await second.database.jobs.requestCancel(id)
            try await second.scheduler.start()
            #expect(try await second.look(id, for: .cancelled).state == .cancelled)
        }
    }

    @Test("a job that was claimed and never launched goes back to the queue, and that is no fault")
    func claimed() async throws {
        try await Fixture.runUnstarted { fixture in
            let id = try await fixture.submit(["steps": 2])
            _ = try await fixture.database.jobs.claim()
            try await fixture.scheduler.start()
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 2)
            #expect(job.faults == 0)
        }
    }

    @Test("a job whose directory cannot be read fails, and the others go on")
    func unreadable() async throws {
        try await Fixture.runUnstarted { fixture in
            let broken = try await fixture.submit(["steps": 2])
            _ = try await fixture.database.jobs.claim()
            let other = try await fixture.submit(["steps": 2])
            try "no directory".write(toFile: "\(fixture.path)/runs/\(broken)", atomically: true, encoding: .utf8)
            try await fixture.scheduler.start()
            #expect(try await fixture.wait(broken, for: .failed).error?.code == .internalError)
            #expect(try await fixture.wait(other, for: .succeeded).state == .succeeded)
        }
    }

    @Test("a job that needs more memory than is free waits as it did before")
    func withoutMemory() async throws {
        try await Fixture.runUnstarted { fixture in
            let job = try await fixture.create(#"{"steps": 2}"#)
            try await fixture.database.jobs.finishValidation(
                job.id, recipe: job.recipe, warnings: [], memoryBytes: 1 << 60)
            try await fixture.scheduler.start()
            for try await events in fixture.database.feed.subscribe(jobID: job.id, after: 0)
            where events.contains(where: { $0.message.hasPrefix("Waiting for memory") }) { break }
            #expect(try await fixture.database.jobs.job(job.id).state == .queued)
        }
    }

    @Test("a job that a quota holds back though a slot is free is told why, once, and starts in its turn")
    func heldBack() async throws {
        try await Fixture.run(slots: 2, quota: Quota(runningJobs: 1)) { fixture in
            let first = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: first)
            let second = try await fixture.submit(["steps": 2])
            let isReason = { (event: Event) in event.message.hasPrefix("Waiting for its turn: a job of the same") }
            for try await events in fixture.database.feed.subscribe(jobID: second, after: 0)
            where events.contains(where: isReason) { break }
            await fixture.scheduler.wake()
            try fixture.letGo(first)
            _ = try await fixture.wait(first, for: .succeeded)
            _ = try await fixture.wait(second, for: .succeeded)
            #expect(try await fixture.events(second).count(where: isReason) == 1)
        }
    }

    @Test("a job whose recipe was written and whose worker was not launched is started again, and that is no fault")
    func neverLaunched() async throws {
        try await Fixture.runUnstarted { fixture in
            let id = try await fixture.submit(["steps": 2])
            _ = try await fixture.database.jobs.claim()
            try fixture.database.directory.createAttempt(id, attempt: 1)
            try DurableRecipe.write(to: fixture.runDirectory(id))
            try await fixture.scheduler.start()
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 2)
            #expect(job.faults == 0)
        }
    }

    @Test("a worker is known from its launch to its end by the lock on its log")
    func logLock() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: id)
            let directory = fixture.runDirectory(id)
            #expect(try directory.isLaunched())
            await #expect(throws: SystemCallError.self) {
                _ = try await LocalLauncher(program: Fixture.worker).launch(directory)
            }
            let worker = try #require(try fixture.holder(id))
            try fixture.letGo(id)
            await ended(worker)
            #expect(try !directory.isLaunched())
        }
    }

    @Test("that was asked for, workers train on")
    func stopped() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: id)
            await fixture.scheduler.stop()
            #expect(try fixture.holder(id) != nil)
            try await Fixture.runUnstarted(path: fixture.path) { second in
                try await second.scheduler.start()
                try second.letGo(id)
                #expect(try await second.look(id, for: .succeeded).attempt == 1)
                #expect(try await second.steps(id) == Array(1...10))
            }
        }
    }

    @Test("that never came, a second daemon doubles nothing")
    func twoAtOnce() async throws {
        try await Fixture.run { first in
            let id = try await first.submit(["steps": 60, "step_milliseconds": 2])
            try await first.waitForStep(7, of: id)
            try await Fixture.runUnstarted(path: first.path) { second in
                try await second.scheduler.start()
                _ = try await first.look(id, for: .succeeded)
                #expect(try await first.steps(id) == Array(1...60))
                #expect(try await second.states(id).filter(\.isTerminal) == [.succeeded])
            }
        }
    }

    @Test("between the result files and the settlement, the files are removed at the next start")
    func orphans() async throws {
        try await Fixture.runUnstarted { fixture in
            let file = try fixture.database.files.write(Array("x".utf8), filename: "step_metrics.csv", createdAt: 1)
            let path = fixture.database.files.path(file.id)
            #expect(FileManager.default.fileExists(atPath: path))
            let directory = try DataDirectory(path: fixture.path)
            _ = try await Database(directory: directory, migrations: "\(Fixture.root)/migrations")
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }
}

/// A recipe that no worker will read.
enum DurableRecipe {
    static func write(to directory: RunDirectory) throws {
        try directory.write(
            RunRecipe(
                jobID: "j", attempt: 1, recipe: Recipe(model: "tiny", seed: 1), modelDirectory: "/m",
                trainingFile: DataFile(path: "/t", name: "t"), validationFile: nil))
    }
}
