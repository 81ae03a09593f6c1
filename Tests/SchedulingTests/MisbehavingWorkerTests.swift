import FineTuning
import Foundation
import POSIX
import RunDirectory
import Scheduling
import Testing

/// Worker processes that die, say nonsense, or say nothing.
@Suite(.timeLimit(.minutes(2)))
struct MisbehavingWorkerTests {
    @Test(arguments: [
        ("echo 'out of luck' >&2; exit 7", "exited with status 7); it said: out of luck"),
        ("exit 0", "exited with status 0)"),
        ("kill -SEGV $$", "killed by signal 11)"),
        ("echo 'not JSON'; exit 0", "no reply"),
        ("printf '{\"answer\":1}\\n{\"answer\":2}\\n'", "no reply"),
        ("echo '{\"reply\":1}'; exit 0", "no reply: answer"),
        ("exec 1>&-; exec /bin/sleep 60", "killed by signal 9)"),
    ])
    func `A worker that fails is told with what it said, and the next request gets a new one`(
        script: String, message: String
    ) async throws {
        let scratch = try ScratchDirectory()
        // Fails the first time only.
        let model = try ScriptedModel(
            scratch,
            script: "if mkdir \"$directory/failed\" 2>/dev/null; then\n\(script)\nfi\n" + ScriptedModel.faithful)
        let answerer = ScriptedModel.answerer()
        let error = await #expect(throws: JobError.self) { try await model.ask(answerer) }
        #expect(error?.code == .workerDied)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(try await model.ask(answerer).before == 0)
    }

    @Test func `A worker that the system kills is taken for one without memory`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "kill -KILL $$")
        let error = await #expect(throws: JobError.self) { try await model.check(ScriptedModel.answerer()) }
        #expect(error?.code == .outOfMemory)
    }

    @Test func `A worker whose allocation fails is told as one without memory`() async throws {
        let scratch = try ScratchDirectory()
        let words = "Fatal error: failed to allocate 16384 bytes of memory with alignment 8"
        let model = try ScriptedModel(scratch, script: "echo '\(words)' >&2; echo 'a backtrace' >&2; kill -ABRT $$")
        let error = await #expect(throws: JobError.self) { try await model.check(ScriptedModel.answerer()) }
        #expect(error?.code == .outOfMemory)
        #expect(error?.message == "the worker process ran out of memory: \(words)")
    }

    @Test func `A silent worker is ended after its time`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "exec 3>\"$directory/alive\"; exec /bin/sleep 600")
        let alive = try NamedPipe("\(model.directory)/alive")
        async let end = alive.hear()
        let answerer = ScriptedModel.answerer { $0.predictionTime = .milliseconds(300) }
        let error = await #expect(throws: JobError.self) { try await model.ask(answerer) }
        #expect(error?.code == .workerDied)
        #expect(error?.message.contains("no answer within 0.3 seconds") == true, "\(error?.message ?? "")")
        _ = try await end
    }

    @Test func `A line beyond the limit ends the worker, whose memory is not taken over`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "exec /bin/cat /dev/zero")
        let error = await #expect(throws: JobError.self) {
            try await model.check(ScriptedModel.answerer { $0.replyBytes = 1 << 20 })
        }
        #expect(error?.message.contains("more than 1048576 bytes") == true, "\(error?.message ?? "")")
    }

    @Test func `Of much on standard error the end is kept, and it does not block the worker`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(
            scratch, script: "head -c 1000000 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 1")
        let error = await #expect(throws: JobError.self) { try await model.check(ScriptedModel.answerer()) }
        #expect(error?.message.hasSuffix("xxxthe end") == true, "\(error.map { "\($0.message.suffix(200))" } ?? "")")
        #expect(error?.message.count ?? 0 < 2200)
    }

    @Test func `A request that a dead worker never took goes to a new one`() async throws {
        let scratch = try ScratchDirectory()
        // Its input is closed before the first answer is out, so the second request finds a broken pipe.
        let model = try ScriptedModel(
            scratch,
            script: """
                mkdir "$directory/first" 2>/dev/null && exec 0<&-
                printf '{"answer":[{"kind":"label","value":{"labels":["%s"],"logits":[0]}}]}\\n' $$
                exec /bin/sleep 600
                """)
        let answerer = ScriptedModel.answerer()
        let first = try await model.ask(answerer)
        let second = try await model.ask(answerer)
        #expect(first.process != second.process)
        await answerer.shutdown()
    }

    @Test func `An answer that is no report is a fault of the server`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "echo '{\"answer\":{\"rows\":-1}}'")
        let error = await #expect(throws: JobError.self) { try await model.check(ScriptedModel.answerer()) }
        #expect(error?.code == .internalError)
    }

    @Test func `A worker gets nothing of the daemon's environment`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(
            scratch,
            script: """
                inherited=$(/usr/bin/tr '\\0' '\\n' < /proc/$$/environ | /usr/bin/sort | /usr/bin/tr '\\n' ' ')
                printf '{"answer":[{"kind":"label","value":{"labels":["<%s>"],"logits":[0]}}]}\\n' "$inherited"
                """)
        #expect(try await model.ask(ScriptedModel.answerer()).process == "<LANG=C.UTF-8 OPENBLAS_NUM_THREADS=1 >")
    }
}
