import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Scheduling
import Testing

/// The answerer over real workers.
@Suite(.timeLimit(.minutes(2)))
struct AnswererTests {
    private let answerer = Answerer(program: WorkerProgram.path, threads: 1)

    private func check(_ content: String, model: String? = WorkerProgram.tinyBert) async throws -> DataReport {
        let scratch = try ScratchDirectory()
        let path = try scratch.write(content, to: "rows.jsonl")
        return try await answerer.check(
            training: DataFile(path: path, name: "rows.jsonl"), validation: nil, task: TaskSpecification(),
            data: DataPipeline(), modelDirectory: model)
    }

    @Test func `A good file is counted, with lengths in the model's tokens`() async throws {
        let report = try await check(WorkerProgram.rows)
        #expect(report.isValid)
        #expect(report.rows == 40)
        #expect(report.labels.map(\.label) == ["billing", "bug"])
        #expect(report.tokens ?? 0 > 40)
    }

    @Test func `A bad line is told by its number`() async throws {
        let report = try await check(WorkerProgram.rows + "{\"text\": oops}\n", model: nil)
        #expect(!report.isValid)
        #expect(report.findings.first?.line == 41)
    }

    @Test func `A job's time and memory are estimated`() async throws {
        let scratch = try ScratchDirectory()
        let data = try scratch.write(WorkerProgram.rows, to: "rows.jsonl")
        let (report, estimate) = try await answerer.estimate(WorkerProgram.recipe(trainingFile: data))
        #expect(report.isValid)
        #expect(estimate.peakMemoryBytes > 0)
    }

    @Test func `A model's card tells its layers`() async throws {
        let card = try await answerer.card(modelDirectory: WorkerProgram.tinyBert)
        #expect(card["parameters"]?.integer ?? 0 > 1000)
    }

    @Test func `A base model cannot classify, and the error says why`() async throws {
        let error = await #expect(throws: JobError.self) {
            try await answerer.predict(modelDirectory: WorkerProgram.tinyBert, inputs: [PredictionInput(text: "a")])
        }
        #expect(error?.code == .invalidModel)
        #expect(error?.message.contains("head") == true)
    }

    @Test func `A fine-tuned model classifies, and answers the same again`() async throws {
        let scratch = try ScratchDirectory()
        let model = try await WorkerProgram.train(in: scratch)
        let inputs = [PredictionInput(text: "the bill number 3"), PredictionInput(text: "a", textPair: "b")]
        let first = try await answerer.predict(modelDirectory: model, inputs: inputs)
        #expect(first.map(\.scores?.labels) == [["billing", "bug"], ["billing", "bug"]])
        #expect(first.allSatisfy { $0.scores?.logits.allSatisfy(\.isFinite) == true })
        #expect(try await answerer.predict(modelDirectory: model, inputs: inputs) == first)
        try FileManager.default.removeItem(atPath: model)
        let error = await #expect(throws: JobError.self) {
            try await answerer.predict(modelDirectory: model, inputs: inputs)
        }
        #expect(error?.code == .invalidModel)
    }

    @Test func `A worker ends when its input ends, as it does where the daemon is killed`() async throws {
        let input = try FileDescriptor.pipe()
        let child = try ChildProcess(
            WorkerProgram.path, arguments: ["answer", "--threads", "1"], environment: [:], input: input.read.raw)
        try input.write.close()
        #expect(await child.waitForExit().isSuccess)
    }

    @Test func `A worker in the middle of a check ends when nobody is left to read its answer`() async throws {
        let scratch = try ScratchDirectory()
        // The check of a named pipe waits for somebody to write into it.
        let data = try NamedPipe(scratch.file("rows.jsonl"))
        let request = WorkerRequest.check(
            training: DataFile(path: data.path, name: "rows.jsonl"), validation: nil, task: TaskSpecification(),
            data: DataPipeline(), modelDirectory: nil)
        let input = try FileDescriptor.pipe()
        let output = try FileDescriptor.pipe()
        let child = try ChildProcess(
            WorkerProgram.path, arguments: ["answer", "--threads", "1"], environment: [:], input: input.read.raw,
            output: output.write.raw)
        try output.write.close()
        try input.write.write(all: request.json.bytes + [UInt8(ascii: "\n")])
        // It reads the pipe once this one is open, which also waits for it.
        let writer = try await data.openForWriting()
        try output.read.close()
        #expect(await child.waitForExit() == .exited(1))
        try FileDescriptor(owning: writer).close()
    }

    @Test func `A worker program that is not there is told`() async throws {
        let error = await #expect(throws: JobError.self) {
            try await Answerer(program: "/nonexistent/worker", threads: 1).card(modelDirectory: WorkerProgram.tinyBert)
        }
        #expect(error?.code == .workerDied)
        #expect(error?.message.contains("/nonexistent/worker") == true)
    }
}
