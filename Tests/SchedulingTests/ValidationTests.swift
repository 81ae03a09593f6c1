import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Scheduling
import Storage
import Testing

@Suite("Checking a new job's files", .timeLimit(.minutes(1)))
struct ValidationTests {
    @Test("moves a good job on to the end, with its labels resolved and its findings told")
    func good() async throws {
        try await Fixture.run { fixture in
            let job = try await fixture.create(#"{"steps": 3}"#)
            await fixture.scheduler.wake()
            let done = try await fixture.wait(job.id, for: .succeeded)
            #expect(done.state == .succeeded)
            #expect(done.recipe.task.labels == ["a", "b"])
            let warnings = try await fixture.events(job.id).filter { $0.level == .warn }.map(\.message)
            #expect(warnings == ["line 2: it stands twice; remove one", "1 further findings are not listed"])
            #expect(try fixture.runDirectory(job.id).recipe().recipe == done.recipe)
        }
    }

    @Test("fails a bad one with what is wrong and where")
    func bad() async throws {
        try await Fixture.run { fixture in
            let job = try await fixture.create("no script")
            await fixture.scheduler.wake()
            let error = try await fixture.wait(job.id, for: .failed).error
            #expect(error?.code == .invalidTrainingFile)
            #expect(error?.param == "training_file")
            #expect(
                error?.message
                    == "The job failed due to an invalid training file: line 3, field \"label\": it is empty; "
                    + "give a label; and 6 more errors")
        }
    }

    @Test("fails a job that needs more memory than there is, before it starts")
    func tooLarge() async throws {
        try await Fixture.run { fixture in
            let job = try await fixture.create(#"{"steps": 3, "memory": 4611686018427387904}"#, batchSize: 4096)
            await fixture.scheduler.wake()
            let failed = try await fixture.wait(job.id, for: .failed)
            #expect(failed.error?.code == .outOfMemory)
            #expect(failed.attempt == 0)
        }
    }

    @Test("goes on beside running jobs and through a whole queue of new ones")
    func many() async throws {
        try await Fixture.run { fixture in
            let held = try await fixture.submit([
                "steps": 3, "incidents": [["attempt": 1, "step": 2, "kind": "hold"]],
            ])
            try await fixture.waitForStep(1, of: held)
            var ids: [String] = []
            for _ in 0..<5 { ids.append(try await fixture.create(#"{"steps": 1}"#).id) }
            await fixture.scheduler.wake()
            for id in ids { _ = try await fixture.wait(id, for: .queued) }
            try fixture.letGo(held)
            for id in ids { #expect(try await fixture.wait(id, for: .succeeded).state == .succeeded) }
        }
    }

    @Test("fails a job that no worker can check, after some tries", arguments: ["/nonexistent/worker", "/bin/false"])
    func unanswered(program: String) async throws {
        try await Fixture.run(answering: program) { fixture in
            let job = try await fixture.create(#"{"steps": 3}"#)
            await fixture.scheduler.wake()
            let failed = try await fixture.wait(job.id, for: .failed)
            #expect(failed.state == .failed)
            #expect(failed.error?.code == .workerDied)
        }
    }

    @Test("fails without a word of where the data directory lies")
    func places() async throws {
        try await Fixture.run(answering: WorkerProgram.scripted) { fixture in
            let script = #"echo "$directory/weights are odd" >&2; exit 1"#
            try DurableFile.write(Array(script.utf8), to: "\(fixture.path)/models/tiny/worker.sh")
            let job = try await fixture.create(#"{"steps": 3}"#)
            await fixture.scheduler.wake()
            let message = try await fixture.wait(job.id, for: .failed).error?.message ?? ""
            #expect(message.contains("weights are odd"))
            #expect(!message.contains(fixture.path), "\(message)")
        }
    }

    @Test("of a job that is cancelled meanwhile ends at once, and the next is checked")
    func cancelled() async throws {
        try await Fixture.run(answering: WorkerProgram.scripted) { fixture in
            let model = "\(fixture.path)/models/tiny"
            let script = """
                if [ -e "$directory/go" ]; then printf '%s\\n' "$request" | "\(Fixture.worker)" answer; exit 0; fi
                : > "$directory/asked"; exec sleep 1000
                """
            try DurableFile.write(Array(script.utf8), to: "\(model)/worker.sh")
            let asked = try NamedPipe("\(model)/asked")
            let first = try await fixture.create(#"{"steps": 1}"#)
            let second = try await fixture.create(#"{"steps": 1}"#)
            await fixture.scheduler.wake()
            _ = try await asked.hear()
            try DurableFile.write([], to: "\(model)/go")
            #expect(try await fixture.scheduler.cancel(first.id).state == .cancelled)
            #expect(try await fixture.wait(second.id, for: .succeeded).state == .succeeded)
            #expect(try await fixture.states(first.id) == [.validatingFiles, .cancelled])
        }
    }

    @Test("begins again after a restart in the middle of it")
    func restarted() async throws {
        try await Fixture.runUnstarted { fixture in
            let job = try await fixture.create(#"{"steps": 1}"#)
            try await fixture.scheduler.start()
            await fixture.scheduler.stop()
            try await Fixture.runUnstarted(path: fixture.path) { second in
                try await second.scheduler.start()
                #expect(try await second.look(job.id, for: .succeeded).state == .succeeded)
            }
        }
    }
}
