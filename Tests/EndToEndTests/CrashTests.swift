import JSON
import POSIX
import Testing

extension EndToEndTests {
    @Suite("After kill -9")
    struct CrashTests {
        @Test func `of the daemon its worker trains on, and the next daemon has every step once`() async throws {
            try await Daemon.run { daemon in
                let id = try await daemon.client.createJob(epochs: 60, checkpointEvery: 100)
                try await daemon.client.wait(id, step: 10)
                let workers = try daemon.workers()
                #expect(workers.count == 1)
                try await daemon.kill()
                #expect(try daemon.workers() == workers)
                let time = try await daemon.restart()
                #expect(time < .seconds(2))

                let client = await daemon.client
                #expect(try await client.get("/readyz").status == 200)
                let job = try await client.finished(id)
                #expect(job["status"] == "succeeded", "\(job.text)")
                #expect(job["attempt"] == 1)
                let total = job["progress"]?["total_steps"]?.integer ?? 0
                #expect(try await client.curve(id).steps == Array(1...total))
                var steps: [Int] = []
                for try await event in client.events(of: id) where event.kind == "metrics" {
                    steps.append(event.data["step"]?.integer ?? 0)
                }
                #expect(steps == Array(1...total))
            }
        }

        @Test func `of daemon and worker together the job goes on from its checkpoint`() async throws {
            try await Daemon.run { daemon in
                let id = try await daemon.client.createJob(epochs: 24, checkpointEvery: 20)
                try await daemon.client.wait(id, step: 45)
                let workers = try daemon.workers()
                try await daemon.kill()
                for worker in workers { try Signals.send(.kill, to: worker) }
                try await daemon.restart()
                let client = await daemon.client
                let job = try await client.finished(id)
                #expect(job["status"] == "succeeded", "\(job.text)")
                #expect(job["attempt"] == 2)
                let total = job["progress"]?["total_steps"]?.integer ?? 0
                #expect(try await client.curve(id).steps == Array(1...total))
            }
        }

        @Test func `of the worker the job is resumed and its curve equals the undisturbed one`() async throws {
            try await Daemon.run { daemon in
                let client = await daemon.client
                let undisturbed = try await client.createJob(epochs: 24, checkpointEvery: 20)
                #expect(try await client.finished(undisturbed)["status"] == "succeeded")

                let id = try await client.createJob(epochs: 24, checkpointEvery: 20)
                try await client.wait(id, step: 45)
                for worker in try daemon.workers() { try Signals.send(.kill, to: worker) }
                let job = try await client.finished(id)
                #expect(job["status"] == "succeeded", "\(job.text)")
                #expect(job["attempt"] == 2)

                let (expected, found) = (try await client.curve(undisturbed), try await client.curve(id))
                #expect(found.steps == expected.steps)
                #expect(found.losses == expected.losses)
            }
        }
    }
}
