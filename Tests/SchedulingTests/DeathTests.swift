import FineTuning
import Foundation
import JSON
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("A worker's death", .timeLimit(.minutes(1)))
struct DeathTests {
    @Test("by SIGKILL costs no step: the next attempt goes on from the checkpoint", arguments: [1, 2, 6, 9, 12])
    func killed(step: Int) async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit([
                "steps": 12, "incidents": [["attempt": 1, "step": JSONValue(step), "kind": "hold"]],
            ])
            if step > 1 {
                try await fixture.waitForStep(step - 1, of: id)
            } else {
                _ = try await fixture.wait(id) { $0.progress != nil }
            }
            try fixture.kill(id)
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 2)
            #expect(job.faults == 1)
            #expect(try await fixture.steps(id) == Array(1...12))
            #expect(try await fixture.states(id).suffix(4) == [.running, .queued, .running, .succeeded])
        }
    }

    @Test("three times without a new checkpoint fails the job")
    func repeated() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 9, "incidents": [["attempt": 0, "step": 3, "kind": "kill"]]])
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.attempt == 3)
            #expect(job.error?.code == .workerDied)
            #expect(job.error?.message.contains("killed by signal 9") == true)
        }
    }

    @Test("again and again does not fail a job that gets on between")
    func progressing() async throws {
        try await Fixture.run { fixture in
            let deaths: [JSONValue] = (1...4).map {
                ["attempt": JSONValue($0), "step": JSONValue(5 * $0 + 2), "kind": "kill"]
            }
            let id = try await fixture.submit(["steps": 23, "incidents": .array(deaths)])
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 5)
            #expect(try await fixture.steps(id) == Array(1...23))
        }
    }

    @Test("is told with the exit status and the last words of its log")
    func lastWords() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 9, "incidents": [["attempt": 0, "step": 3, "kind": "exit"]]])
            let message = try await fixture.wait(id, for: .failed).error?.message
            #expect(message == "the worker ended without a result (exited with status 4): a word of farewell")
        }
    }

    @Test("by SIGKILL is not explained by what the worker last said of something else")
    func killedWithoutWords() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 9, "incidents": [["attempt": 0, "step": 3, "kind": "kill"]]])
            let message = try await fixture.wait(id, for: .failed).error?.message
            #expect(message == "the worker ended without a result (killed by signal 9)")
        }
    }

    @Test("comes to one that is silent for too long")
    func hang() async throws {
        try await Fixture.run(configure: { $0.silenceLimit = .seconds(1) }) { fixture in
            let id = try await fixture.submit(["steps": 9, "incidents": [["attempt": 1, "step": 7, "kind": "hang"]]])
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt > 1)
            #expect(try await fixture.steps(id) == Array(1...9))
            #expect(fixture.notices.all.contains { $0.jobID == id && $0.message.contains("killed as hung") })
        }
    }

    @Test("comes to one that does not end after its last word, before the next job gets its slot")
    func lingering() async throws {
        try await Fixture.run(configure: { $0.exitGrace = .milliseconds(50) }) { fixture in
            let id = try await fixture.submit(["steps": 3, "incidents": [["attempt": 1, "step": 5, "kind": "hang"]]])
            _ = try await fixture.wait(id, for: .succeeded)
            let next = try await fixture.submit(["steps": 2])
            _ = try await fixture.wait(next, for: .succeeded)
            #expect(try fixture.holder(id) == nil)
        }
    }

    @Test("does not come about where it cannot even be launched; the job says so")
    func launchFailure() async throws {
        try await Fixture.run(launcher: LocalLauncher(program: "/nonexistent/worker")) { fixture in
            let id = try await fixture.submit(["steps": 1])
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error?.code == .workerDied)
            #expect(
                job.error?.message.hasPrefix("the worker cannot be started: posix_spawn /nonexistent/worker") == true)
        }
    }

    @Test("is no matter where the model is gone: the job fails at once")
    func modelGone() async throws {
        try await Fixture.runUnstarted { fixture in
            let id = try await fixture.submit(["steps": 1])
            try FileManager.default.removeItem(atPath: "\(fixture.path)/models/tiny")
            try await fixture.scheduler.start()
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error?.code == .invalidModel)
            #expect(job.attempt == 1)
        }
    }
}
