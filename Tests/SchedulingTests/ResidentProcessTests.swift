import FineTuning
import Foundation
import POSIX
import RunDirectory
import Scheduling
import Testing

/// Which process answers when, and who waits for it.
@Suite(.timeLimit(.minutes(2)))
struct ResidentProcessTests {
    /// A model whose worker tells by the named pipe `started` that it has a request, and answers it when it is told to by
    /// `go`.
    private struct WaitingModel {
        let model: ScriptedModel
        let started: NamedPipe
        let go: NamedPipe

        init(_ scratch: ScratchDirectory) throws {
            model = try ScriptedModel(
                scratch,
                script: """
                    count=0
                    while
                        echo > "$directory/started"
                        read -r go < "$directory/go"
                        printf '{"answer":[{"kind":"label","value":{"labels":["%s"],"logits":[%s]}}]}\\n' $$ $count
                        IFS= read -r request
                    do count=$((count + 1)); done
                    """)
            started = try NamedPipe("\(model.directory)/started")
            go = try NamedPipe("\(model.directory)/go")
        }
    }

    /// A model whose worker never answers; the named pipe `alive` tells when it has started, and when it has ended.
    private struct SleepingModel {
        let model: ScriptedModel
        let started: NamedPipe
        let alive: NamedPipe

        init(_ scratch: ScratchDirectory, _ name: String) throws {
            model = try ScriptedModel(
                scratch, name,
                script: "exec 3>\"$directory/alive\"; echo > \"$directory/started\"; exec /bin/sleep 600")
            started = try NamedPipe("\(model.directory)/started")
            alive = try NamedPipe("\(model.directory)/alive")
        }
    }

    @Test func `Twenty requests at once are answered by one process, each once`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch)
        let answerer = ScriptedModel.answerer()
        let answers = try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { try await model.ask(answerer) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers.map(\.process)).count == 1)
        #expect(answers.map(\.before).sorted() == Array(0..<20))
        await answerer.shutdown()
    }

    @Test func `A model whose files are gone is refused, and answers again when they are back`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch)
        let answerer = ScriptedModel.answerer()
        let first = try await model.ask(answerer)
        try FileManager.default.moveItem(atPath: model.directory, toPath: scratch.file("elsewhere"))
        let error = await #expect(throws: JobError.self) { try await model.ask(answerer) }
        #expect(error?.code == .invalidModel && error?.param == "model")
        try FileManager.default.moveItem(atPath: scratch.file("elsewhere"), toPath: model.directory)
        let again = try await model.ask(answerer)
        #expect(again.before == 0 && again.process != first.process)
        await answerer.shutdown()
    }

    @Test func `Two models stay; the third takes the place of the one asked longest ago`() async throws {
        let scratch = try ScratchDirectory()
        let answerer = ScriptedModel.answerer()
        let (a, b, c) = (
            try ScriptedModel(scratch, "a"), try ScriptedModel(scratch, "b"), try ScriptedModel(scratch, "c")
        )
        let first = try await (a.ask(answerer), b.ask(answerer))
        #expect(try await a.ask(answerer) == (first.0.process, 1))
        _ = try await c.ask(answerer)
        #expect(try await a.ask(answerer) == (first.0.process, 2))
        let back = try await b.ask(answerer)
        #expect(back.before == 0 && back.process != first.1.process)
        await answerer.shutdown()
    }

    @Test func `With room for one model, the second waits for the first one's answer`() async throws {
        let scratch = try ScratchDirectory()
        let answerer = ScriptedModel.answerer { $0.models = 1 }
        let first = try WaitingModel(scratch)
        let other = try ScriptedModel(scratch, "other")
        async let answer = first.model.ask(answerer)
        _ = try await first.started.hear()
        async let otherAnswer = other.ask(answerer)
        try await first.go.tell()
        #expect(try await answer.before == 0)
        #expect(try await otherAnswer.before == 0)
        await answerer.shutdown()
    }

    @Test(arguments: ["config.json", "worker.sh"])
    func `A model whose files changed is answered by a new process`(file: String) async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch)
        let answerer = ScriptedModel.answerer()
        let before = try await model.ask(answerer)
        try scratch.write(ScriptedModel.faithful, to: "model/\(file)")
        let after = try await model.ask(answerer)
        #expect(after.before == 0 && after.process != before.process)
        await answerer.shutdown()
    }

    @Test func `A process that nobody asks is ended`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "exec 3>\"$directory/alive\"\n" + ScriptedModel.faithful)
        let alive = try NamedPipe("\(model.directory)/alive")
        async let end = alive.hear()
        let answerer = ScriptedModel.answerer { $0.idle = .milliseconds(20) }
        _ = try await model.ask(answerer)
        _ = try await end
    }

    @Test func `Deleting a model ends its process`() async throws {
        let scratch = try ScratchDirectory()
        let model = try ScriptedModel(scratch, script: "exec 3>\"$directory/alive\"\n" + ScriptedModel.faithful)
        let alive = try NamedPipe("\(model.directory)/alive")
        async let end = alive.hear()
        let answerer = ScriptedModel.answerer()
        _ = try await model.ask(answerer)
        await answerer.unload(modelDirectory: model.directory)
        _ = try await end
    }

    @Test func `A client that goes away while it waits does not hold up the others`() async throws {
        let scratch = try ScratchDirectory()
        let waiting = try WaitingModel(scratch)
        let answerer = ScriptedModel.answerer()
        let first = Task { try await waiting.model.ask(answerer) }
        _ = try await waiting.started.hear()
        let second = Task { try await waiting.model.ask(answerer) }
        let third = Task { try await waiting.model.ask(answerer) }
        second.cancel()
        let outcome = await second.result
        #expect(throws: CancellationError.self) { try outcome.get() }
        try await waiting.go.tell()
        _ = try await waiting.started.hear()
        try await waiting.go.tell()
        #expect(try await [first.value.before, third.value.before] == [0, 1])
        await answerer.shutdown()
    }

    @Test func `A client that goes away while it is served leaves the process for the next`() async throws {
        let scratch = try ScratchDirectory()
        let waiting = try WaitingModel(scratch)
        let answerer = ScriptedModel.answerer()
        let first = Task { try await waiting.model.ask(answerer) }
        _ = try await waiting.started.hear()
        let second = Task { try await waiting.model.ask(answerer) }
        first.cancel()
        try await waiting.go.tell()
        _ = try await waiting.started.hear()
        try await waiting.go.tell()
        #expect(try await second.value.before == 1)
        await answerer.shutdown()
    }

    @Test func `Beyond the longest line requests are refused at once`() async throws {
        let scratch = try ScratchDirectory()
        let waiting = try WaitingModel(scratch)
        let answerer = ScriptedModel.answerer { $0.waiting = 1 }
        let first = Task { try await waiting.model.ask(answerer) }
        _ = try await waiting.started.hear()
        let others = (0..<2).map { _ in Task { try await waiting.model.ask(answerer) } }
        // One of the two waits for as long as the first is not answered; the other cannot.
        let refused = try await withThrowingTaskGroup { group in
            for task in others { group.addTask { await task.result } }
            let refused = try await group.next()
            try await waiting.go.tell()
            _ = try await waiting.started.hear()
            try await waiting.go.tell()
            let served = try await group.next()
            #expect(try served?.get().before == 1)
            return refused
        }
        let error = #expect(throws: JobError.self) { try refused?.get() }
        #expect(error?.code == .busy)
        #expect(try await first.value.before == 0)
        await answerer.shutdown()
    }

    @Test func `Of three checks two run at once`() async throws {
        let scratch = try ScratchDirectory()
        let answerer = ScriptedModel.answerer { $0.waiting = 1 }
        let models = try (0..<2).map { try SleepingModel(scratch, "sleeping-\($0)") }
        let quick = try ScriptedModel(scratch, "quick", script: "echo '{\"answer\":[]}'")
        async let firstEnd = models[0].alive.hear()
        async let secondEnd = models[1].alive.hear()
        let running = models.map { model in Task { try await model.model.check(answerer) } }
        for model in models { _ = try await model.started.hear() }
        let third = Task { try await quick.check(answerer) }
        for task in running { task.cancel() }
        for task in running {
            let outcome = await task.result
            #expect(throws: CancellationError.self) { try outcome.get() }
        }
        let outcome = await third.result
        // The script's answer is no report, but it has been asked.
        let error = #expect(throws: JobError.self) { try outcome.get() }
        #expect(error?.code == .internalError)
        _ = try await (firstEnd, secondEnd)
    }

    @Test func `Shutting down ends the processes and sends everybody away`() async throws {
        let scratch = try ScratchDirectory()
        let answerer = ScriptedModel.answerer()
        let (resident, brief) = (try SleepingModel(scratch, "resident"), try SleepingModel(scratch, "brief"))
        async let residentEnd = resident.alive.hear()
        async let briefEnd = brief.alive.hear()
        let tasks = [
            Task { _ = try await resident.model.ask(answerer) }, Task { _ = try await brief.model.check(answerer) },
            Task { _ = try await resident.model.ask(answerer) },
        ]
        _ = try await resident.started.hear()
        _ = try await brief.started.hear()
        await answerer.shutdown()
        for task in tasks {
            let outcome = await task.result
            let error = #expect(throws: JobError.self) { try outcome.get() }
            #expect(error?.code == .busy)
        }
        let late = await #expect(throws: JobError.self) { try await brief.model.check(answerer) }
        #expect(late?.code == .busy)
        _ = try await (residentEnd, briefEnd)
    }
}
