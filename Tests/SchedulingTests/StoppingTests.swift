import FineTuning
import JSON
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("Stopping a job", .timeLimit(.minutes(1)))
struct StoppingTests {
    private static let holding: JSONObject = [
        "steps": 10, "incidents": [["attempt": 1, "step": 8, "kind": "hold"]],
    ]

    @Test("cancels a running job once its worker has stopped")
    func cancelRunning() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: id)
            #expect(try await fixture.scheduler.cancel(id).intent == .cancel)
            let job = try await fixture.wait(id, for: .cancelled)
            #expect(job.state == .cancelled)
            #expect(try await fixture.states(id) == [.validatingFiles, .queued, .running, .cancelled])
            #expect(try fixture.runDirectory(id).requestedStop() == .cancel)
            await #expect(throws: StorageError.notPossible(action: "cancelled", jobID: id, state: .cancelled)) {
                try await fixture.scheduler.cancel(id)
            }
        }
    }

    @Test("cancels a waiting job at once, and it never starts")
    func cancelQueued() async throws {
        try await Fixture.run { fixture in
            let first = try await fixture.submit(Self.holding)
            let second = try await fixture.submit(["steps": 1])
            try await fixture.waitForStep(7, of: first)
            #expect(try await fixture.scheduler.cancel(second).state == .cancelled)
            try fixture.letGo(first)
            _ = try await fixture.wait(first, for: .succeeded)
            #expect(try await fixture.database.jobs.job(second).attempt == 0)
        }
    }

    @Test("cancels a job whose worker is just being launched")
    func cancelLaunching() async throws {
        let launcher = GatedLauncher()
        try await Fixture.run(launcher: launcher) { fixture in
            let id = try await fixture.submit(["steps": 1000, "step_milliseconds": 5])
            await launcher.arrival()
            #expect(try await fixture.scheduler.cancel(id).state == .running)
            launcher.open()
            let job = try await fixture.wait(id, for: .cancelled)
            #expect(job.state == .cancelled)
        }
    }

    @Test("cancels a job that was claimed before the daemon died and cancelled after")
    func cancelClaimed() async throws {
        try await Fixture.runUnstarted { fixture in
            let id = try await fixture.submit(["steps": 1])
            _ = try await fixture.database.jobs.claim()
            #expect(try await fixture.scheduler.cancel(id).intent == .cancel)
            try await fixture.scheduler.start()
            #expect(try await fixture.wait(id, for: .cancelled).state == .cancelled)
        }
    }

    @Test("kills a worker that does not stop in time", arguments: [JobIntent.cancel, .pause])
    func deaf(intent: JobIntent) async throws {
        try await Fixture.run(configure: { $0.stopGrace = .milliseconds(50) }) { fixture in
            let script: JSONObject = ["steps": 9, "incidents": [["attempt": 1, "step": 7, "kind": "hang"]]]
            let id = try await fixture.submit(script)
            try await fixture.waitForStep(6, of: id)
            if intent == .cancel {
                _ = try await fixture.scheduler.cancel(id)
                #expect(try await fixture.wait(id, for: .cancelled).state == .cancelled)
            } else {
                _ = try await fixture.scheduler.pause(id)
                let job = try await fixture.wait(id, for: .paused)
                #expect(job.error?.message.contains("did not stop within") == true)
                _ = try await fixture.scheduler.resume(id)
                #expect(try await fixture.wait(id, for: .succeeded).state == .succeeded)
                #expect(try await fixture.steps(id) == Array(1...9))
            }
        }
    }

    @Test("pauses with a checkpoint, and goes on from it when resumed, with every step once")
    func pauseAndResume() async throws {
        try await Fixture.run { fixture in
            let id = try await fixture.submit(Self.holding)
            try await fixture.waitForStep(7, of: id)
            _ = try await fixture.scheduler.pause(id)
            let paused = try await fixture.wait(id, for: .paused)
            #expect(paused.error == nil)
            #expect(try fixture.runDirectory(id).requestedStop() == .pause)
            #expect(try await fixture.database.checkpoints.checkpoint(jobID: id, step: 7) != nil)
            #expect(try await fixture.scheduler.resume(id).state == .queued)
            #expect(try await fixture.wait(id, for: .succeeded).attempt == 2)
            #expect(try await fixture.steps(id) == Array(1...10))
        }
    }

    @Test("lets a cancel outweigh a pause that came before")
    func cancelAfterPause() async throws {
        try await Fixture.run { fixture in
            let script: JSONObject = ["steps": 9, "incidents": [["attempt": 1, "step": 7, "kind": "hang"]]]
            let id = try await fixture.submit(script)
            try await fixture.waitForStep(6, of: id)
            _ = try await fixture.scheduler.pause(id)
            #expect(try await fixture.scheduler.cancel(id).intent == .cancel)
            try fixture.kill(id)
            #expect(try await fixture.wait(id, for: .cancelled).state == .cancelled)
        }
    }

    @Test("brings each job of a storm of cancels to one end, which is never success after a cancel was accepted")
    func storm() async throws {
        try await Fixture.run(slots: 4) { fixture in
            var ids: [String] = []
            for _ in 0..<32 { ids.append(try await fixture.submit(["steps": 6, "step_milliseconds": 2])) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, id) in ids.enumerated() {
                    group.addTask {
                        try await Task.sleep(for: .milliseconds(index * 7))
                        let accepted = (try? await fixture.scheduler.cancel(id)) != nil
                        let job = try await fixture.wait(id, for: .cancelled)
                        let message = Comment(rawValue: job.error?.message ?? "")
                        #expect(job.state == (accepted ? .cancelled : .succeeded), message)
                    }
                }
                try await group.waitForAll()
            }
            for id in ids { #expect(try await fixture.states(id).filter(\.isTerminal).count == 1) }
            #expect(
                try await fixture.database.files.page(limit: 1000, purpose: .fineTuneResults).elements.count % 2 == 0)
        }
    }
}
