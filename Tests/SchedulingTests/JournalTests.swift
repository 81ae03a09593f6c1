import FineTuning
import JSON
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("Following a journal", .timeLimit(.minutes(1)))
struct JournalTests {
    @Test("waits for the rest of a line that is half written")
    func torn() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 6, "incidents": [["attempt": 1, "step": 4, "kind": "tear"]]])
            try await fixture.waitForStep(3, of: id)
            #expect(try await fixture.events(id).allSatisfy { $0.message != "torn" })
            try fixture.letGo(id)
            _ = try await fixture.wait(id, for: .succeeded)
            #expect(try await fixture.events(id).filter { $0.message == "torn" }.count == 1)
            #expect(try await fixture.steps(id) == Array(1...6))
        }
    }

    @Test("drops the half line of a worker that died in the middle of it")
    func tornByDeath() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 6, "incidents": [["attempt": 1, "step": 4, "kind": "tear"]]])
            try await fixture.waitForStep(3, of: id)
            try fixture.kill(id)
            #expect(try await fixture.wait(id, for: .succeeded).attempt == 2)
            #expect(try await fixture.events(id).allSatisfy { $0.message != "torn" })
            #expect(try await fixture.steps(id) == Array(1...6))
        }
    }

    /// Kinds of damage, and what is told of them.
    static let damages = [("garbage", "not a journal entry"), ("skip", "is missing: 1000 comes in its place")]

    @Test("of a worker that damages it goes on with another one, which is told", arguments: damages)
    func damaged(kind: String, message: String) async throws {
        try await Fixture.run { fixture in
            let incidents: JSONValue = [
                ["attempt": 1, "step": 4, "kind": .string(kind)], ["attempt": 1, "step": 4, "kind": "hang"],
            ]
            let id = try await fixture.submit(["steps": 6, "incidents": incidents])
            #expect(try await fixture.wait(id, for: .succeeded).attempt == 2)
            #expect(try await fixture.events(id).contains { $0.level == .warn && $0.message.contains(message) })
            #expect(try await fixture.steps(id) == Array(1...6))
        }
    }

    @Test("fails the job where it is damaged again and again, keeps what came before, and kills the worker")
    func damagedAgain() async throws {
        try await Fixture.run { fixture in
            let incidents = (1...3).flatMap { attempt in
                ["garbage", "hang"].map { ["attempt": .integer(attempt), "step": 4, "kind": .string($0)] as JSONValue }
            }
            let id = try await fixture.submit(["steps": 6, "incidents": .array(incidents)])
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error?.code == .internalError)
            #expect(job.error?.message.contains("not a journal entry") == true)
            #expect(try await fixture.steps(id) == [1, 2, 3])
            // The slot is free when the worker is gone.
            let next = try await fixture.submit(["steps": 1])
            _ = try await fixture.wait(next, for: .succeeded)
            #expect(try fixture.holder(id) == nil)
        }
    }

    @Test("believes in no model whose checkpoint was not published")
    func invented() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 6, "incidents": [["attempt": 1, "step": 4, "kind": "invent"]]])
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error?.message.contains("step-000999") == true)
            #expect(try await fixture.database.models.fineTuned().isEmpty)
        }
    }

    @Test("of a stale worker is not done: what it writes reaches nobody, and it is killed")
    func stale() async throws {
        try await Fixture.run { fixture in
            let incidents: JSONValue = [
                ["attempt": 1, "step": 4, "kind": "hold"], ["attempt": 1, "step": 5, "kind": "hang"],
            ]
            let id = try await fixture.submit(["steps": 9, "incidents": incidents])
            try await fixture.waitForStep(3, of: id)
            let lost = JobError(.workerDied, "taken for dead")
            _ = try await fixture.database.jobs.settle(id, attempt: 1, outcome: .died(lost))
            try fixture.letGo(id)
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 2)
            #expect(try await fixture.steps(id) == Array(1...9))
            #expect(fixture.notices.all.contains { $0.message.contains("does not run in this attempt any more") })
        }
    }

    @Test("does not begin before a worker of an earlier attempt has let go of the job's lock")
    func staleLock() async throws {
        try await Fixture.run(slots: 2, configure: { $0.exitGrace = .milliseconds(50) }) { fixture in
            let id = try await fixture.submit(["steps": 9, "incidents": [["attempt": 1, "step": 4, "kind": "hang"]]])
            try await fixture.waitForStep(3, of: id)
            let lost = JobError(.workerDied, "taken for dead")
            _ = try await fixture.database.jobs.settle(id, attempt: 1, outcome: .died(lost))
            await fixture.scheduler.wake()
            #expect(try await fixture.wait(id, for: .succeeded).attempt == 2)
            #expect(try await fixture.steps(id) == Array(1...9))
        }
    }
}
