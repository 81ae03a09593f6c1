import Foundation
import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("A sweep with halving")
    struct SweepCrashTests {
        /// Four settings train for 4 epochs, two of them for 8, one for 16.
        private static let sweep: JSONObject = [
            "sweep": [
                "parameters": ["strategy.learning_rate": [0.0003, 0.001, 0.003, 0.01]],
                "halving": ["factor": 2, "min_epochs": 4], "metric": "valid_loss",
            ]
        ]

        /// The table of a sweep that is over, without what another sweep cannot have in common with it.
        private func table(_ sweep: JSONValue) -> [JSONValue] {
            let names = ["number", "rung", "parameters", "epochs", "status", "value", "step"]
            return (sweep["trials"]?.array ?? []).map { trial in .array(names.map { trial[$0] ?? .null }) }
        }

        /// The number and the rung of its best trial.
        private func best(_ sweep: JSONValue) -> [JSONValue?] {
            let trial = sweep["trials"]?.array?.first { $0["job_id"] == sweep["best_trial"] }
            return [trial?["number"], trial?["rung"]]
        }

        /// Kills daemon and workers at random moments, until the sweep is over or was hit so often that a slow machine
        /// would not come to its end any more.
        ///
        /// - Returns: what was killed, in order.
        private func harass(_ daemon: Daemon, _ id: String) async throws -> [String] {
            var blows: [String] = []
            var hits: [String: Int] = [:]
            while blows.count < 40, try await daemon.client.job(id)["finished_at"]?.isNull != false {
                // The moment is what is tested: between any two things that daemon and worker do.
                try await Task.sleep(for: .milliseconds(Int.random(in: 20...600)))
                let aim = Int.random(in: 0..<3)
                let workers = try daemon.runs()
                if aim != 1 { try await daemon.kill() }
                // A third time without a checkpoint in between would fail the trial, as it should.
                for (worker, job) in workers where aim != 0 && hits[job, default: 0] < 2 {
                    try Signals.send(.kill, to: worker)
                    hits[job, default: 0] += 1
                    blows.append("worker of \(job)")
                }
                if aim != 1 {
                    blows.append("daemon")
                    try await daemon.restart()
                }
            }
            return blows
        }

        @Test func `loses nothing to kill -9 of daemon and workers, and ends as if nothing had been`() async throws {
            try await Daemon.run { daemon in
                let calm = try await daemon.client.createJob(epochs: 16, checkpointEvery: 5, more: Self.sweep)
                let undisturbed = try await daemon.client.finished(calm)
                #expect(undisturbed["status"] == "succeeded", "\(undisturbed.text)")
                #expect(undisturbed["trials"]?.array?.map { $0["epochs"] } == [4, 4, 4, 4, 8, 8, 16])

                let id = try await daemon.client.createJob(epochs: 16, checkpointEvery: 5, more: Self.sweep)
                let blows = try await harass(daemon, id)
                let client = await daemon.client
                let sweep = try await client.finished(id)
                let story = Comment(rawValue: "\(blows): \(sweep.text)")
                #expect(blows.contains("daemon") && blows.contains { $0 != "daemon" }, story)
                #expect(sweep["status"] == "succeeded" && sweep["attempt"] == 1, story)
                #expect(table(sweep) == table(undisturbed), story)
                #expect(best(sweep) == best(undisturbed), story)
                for (trial, other) in zip(sweep["trials"]?.array ?? [], undisturbed["trials"]?.array ?? []) {
                    let (job, expected) = (trial["job_id"]?.string ?? "", other["job_id"]?.string ?? "")
                    let (found, curve) = (try await client.curve(job), try await client.curve(expected))
                    #expect(found.steps == Array(1...max(1, curve.steps.count)), story)
                    #expect(found.losses == curve.losses, story)
                }
                let model = try #require(sweep["fine_tuned_model"]?.string)
                let answer = try await client.post(
                    "/v1/predictions", ["model": .string(model), "input": "the invoice"])
                #expect(answer.status == 200, "\(answer.text)")
            }
        }
    }
}
