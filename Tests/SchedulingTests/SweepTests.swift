import FineTuning
import Foundation
import JSON
import Scheduling
import Storage
import Testing

@Suite("Running a sweep", .timeLimit(.minutes(1)))
struct SweepTests {
    private func submit(_ script: JSONObject, to fixture: Fixture, seeds: Int = 3, halving: Bool = false) async throws
        -> String
    {
        let source = try await fixture.create(JSONValue.object(script).text)
        _ = try await fixture.database.jobs.requestCancel(source.id)
        let body: JSONValue = [
            "model": "tiny", "training_file": .string(source.trainingFile), "seed": 1,
            "sweep": [
                "parameters": ["seed": .array((0..<seeds).map { JSONValue($0) })], "halving": halving ? [:] : nil,
            ],
        ]
        let asked = try JobRequest(body, threads: 1)
        let job = try await fixture.database.jobs.create(
            Job(createdAt: 1, recipe: asked.recipe, trainingFile: source.trainingFile, sweep: asked.sweep),
            points: asked.points)
        await fixture.scheduler.wake()
        return job.id
    }

    @Test("checks, trains and compares all trials, rung by rung")
    func success() async throws {
        try await Fixture.run(slots: 2) { fixture in
            let id = try await submit(["steps": 10], to: fixture, halving: true)
            let done = try await fixture.wait(id, for: .succeeded)
            #expect(done.state == .succeeded, "\(done.error?.message ?? "")")
            let trials = try await fixture.database.jobs.trials(id)
            #expect(trials.map(\.epochs) == [1, 1, 1, 3])
            #expect(trials.allSatisfy { $0.state == .succeeded && $0.value == 0.1 && $0.step == 10 })
            #expect(done.fineTunedModel == (try await fixture.database.jobs.job(trials[3].jobID)).fineTunedModel)
            #expect(try await fixture.states(id) == [.validatingFiles, .queued, .running, .succeeded])
        }
    }

    @Test("a cancel reaches the workers of its trials")
    func cancel() async throws {
        try await Fixture.run(slots: 2) { fixture in
            let held: JSONObject = ["steps": 5, "incidents": [["attempt": 1, "step": 3, "kind": "hold"]]]
            let id = try await submit(held, to: fixture)
            _ = try await fixture.wait(id) { $0.state == .running }
            let first = try await fixture.database.jobs.trials(id)[0].jobID
            try await fixture.waitForStep(1, of: first)
            _ = try await fixture.scheduler.cancel(id)
            #expect(try await fixture.wait(id, for: .cancelled).state == .cancelled)
            #expect(try await fixture.database.jobs.trials(id).allSatisfy { $0.state == .cancelled })
        }
    }

    @Test("goes on after the daemon's end, with the trials that ran and those that waited")
    func restart() async throws {
        let path = NSTemporaryDirectory() + "scheduling-tests-\(UUID().uuidString)"
        var id = ""
        do {
            let first = try await Fixture(path: path)
            try await first.scheduler.start()
            id = try await submit(["steps": 40, "step_milliseconds": 3], to: first)
            _ = try await first.wait(id) { $0.state == .running }
            try await first.waitForStep(5, of: try await first.database.jobs.trials(id)[0].jobID)
            // Not just let go of: its check of the next trial would live on and claim jobs beside the second.
            await first.scheduler.stop()
        }
        try await Fixture.runUnstarted(path: path) { second in
            try await second.scheduler.start()
            let done = try await second.look(id, for: .succeeded)
            #expect(done.state == .succeeded && done.attempt == 1)
            #expect(try await second.database.jobs.trials(id).allSatisfy { $0.state == .succeeded })
        }
    }
}
