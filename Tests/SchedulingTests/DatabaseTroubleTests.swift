import FineTuning
import JSON
import SQLite
import Scheduling
import Storage
import Testing

@Suite("A database that refuses", .timeLimit(.minutes(1)))
struct DatabaseTroubleTests {
    /// Makes the database refuse the point of a step.
    private func refuse(step: Int, _ fixture: Fixture) throws {
        try Connection(path: fixture.database.directory.databasePath).execute(
            """
            CREATE TRIGGER refusal BEFORE INSERT ON metrics WHEN NEW.step = \(step)
            BEGIN SELECT RAISE(ABORT, 'refused by the test'); END
            """)
    }

    private func isRefusal(_ notice: SchedulerNotice) -> Bool {
        notice.level == .warn && notice.message.contains("refused by the test")
    }

    @Test("for a while costs no step, and is reported once")
    func passing() async throws {
        try await Fixture.run(configure: { $0.retryDelay = .milliseconds(300) }) { fixture in
            try refuse(step: 4, fixture)
            let id = try await fixture.submit(["steps": 9])
            _ = try await fixture.notices.first(where: isRefusal)
            try Connection(path: fixture.database.directory.databasePath).execute("DROP TRIGGER refusal")
            #expect(try await fixture.wait(id, for: .succeeded).attempt == 1)
            #expect(try await fixture.steps(id) == Array(1...9))
            #expect(fixture.notices.all.count(where: isRefusal) == 1)
        }
    }

    @Test("for good fails the job, ends its worker and frees the slot")
    func lasting() async throws {
        try await Fixture.run { fixture in
            try refuse(step: 4, fixture)
            let script: JSONObject = ["steps": 9, "incidents": [["attempt": 1, "step": 6, "kind": "hang"]]]
            let id = try await fixture.submit(script)
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error?.code == .internalError)
            #expect(job.error?.message.contains("refused by the test") == true)
            let next = try await fixture.submit(["steps": 3])
            _ = try await fixture.wait(next, for: .succeeded)
            #expect(try fixture.holder(id) == nil)
        }
    }
}
