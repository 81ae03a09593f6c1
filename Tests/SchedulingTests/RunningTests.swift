import FineTuning
import Foundation
import JSON
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("Running a job", .timeLimit(.minutes(1)))
struct RunningTests {
    @Test("takes every step in, stores the model with its result files, and frees the slot")
    func success() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 12])
            let job = try await fixture.wait(id, for: .succeeded)
            #expect(job.attempt == 1)
            #expect(job.fineTunedModel == "ft:tiny:acme:s:\(id.suffix(8))")
            #expect(job.trainedTokens == 1200)
            #expect(try await fixture.steps(id) == Array(1...12))
            let models = try await fixture.database.models.fineTuned()
            #expect(models.map(\.directory) == ["runs/\(id)/checkpoints/step-000012"])
            #expect(models.first?.labels == ["a", "b"])
            let next = try await fixture.submit(["steps": 1])
            _ = try await fixture.wait(next, for: .succeeded)
        }
    }

    @Test("puts out the curve as CSV and the evaluations as JSON")
    func resultFiles() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 6])
            let job = try await fixture.wait(id, for: .succeeded)
            var contents: [String: String] = [:]
            for file in job.resultFiles {
                let stored = try await fixture.database.files.file(file)
                #expect(stored.purpose == .fineTuneResults)
                let text = try String(contentsOfFile: fixture.database.files.path(file), encoding: .utf8)
                #expect(stored.bytes == text.utf8.count)
                contents[stored.filename] = text
            }
            let lines = try #require(contents["step_metrics.csv"]).split(separator: "\n")
            #expect(lines.count == 7)
            #expect(lines[0].hasPrefix("step,train_loss,train_accuracy,valid_loss,valid_accuracy,"))
            #expect(lines[1].hasPrefix("1,1.0,0.5,,,,"))
            #expect(lines[5].hasPrefix("5,0.2,0.5,0.2,0.5,"))
            let evaluation = try JSONValue(parsing: Array(try #require(contents["evaluation.json"]).utf8))
            #expect(evaluation["checkpoint_step"]?.integer == 6)
            #expect(evaluation["evaluation"]?["step"]?.integer == 6)
            #expect(evaluation["evaluations"]?.array?.count == 2)
        }
    }

    @Test("runs as many jobs at once as there are slots, and the next when one is free")
    func slots() async throws {
        try await Fixture.run(slots: 2) { fixture in
            let held: JSONObject = ["steps": 2, "incidents": [["attempt": 1, "step": 2, "kind": "hold"]]]
            var jobs: [String] = []
            for _ in 0..<3 { jobs.append(try await fixture.submit(held)) }
            try await fixture.waitForStep(1, of: jobs[0])
            try await fixture.waitForStep(1, of: jobs[1])
            #expect(try await fixture.database.jobs.counts() == [.running: 2, .queued: 1])
            try fixture.letGo(jobs[1])
            _ = try await fixture.wait(jobs[1], for: .succeeded)
            try await fixture.waitForStep(1, of: jobs[2])
            #expect(try await fixture.database.jobs.counts() == [.running: 2, .succeeded: 1])
            for job in [jobs[0], jobs[2]] {
                try fixture.letGo(job)
                _ = try await fixture.wait(job, for: .succeeded)
            }
        }
    }

    @Test("fails where the worker says so, at the first attempt")
    func failure() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 5, "incidents": [["attempt": 0, "step": 3, "kind": "fail"]]])
            let job = try await fixture.wait(id, for: .failed)
            #expect(job.error == JobError(.diverged, "the loss of step 3 is not finite"))
            #expect(job.attempt == 1)
        }
    }

    @Test("pauses where the worker finds the disk full, and goes on when it is resumed")
    func diskFull() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(["steps": 8, "incidents": [["attempt": 1, "step": 7, "kind": "fill"]]])
            let job = try await fixture.wait(id, for: .paused)
            // Where on the machine the data lie is not the client's business.
            #expect(job.error == JobError(.diskFull, "there is no room in runs/\(id)/checkpoints"))
            _ = try await fixture.scheduler.resume(id)
            _ = try await fixture.wait(id, for: .succeeded)
            #expect(try await fixture.steps(id) == Array(1...8))
        }
    }
}
