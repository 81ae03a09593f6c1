import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Testing
import Training

@Suite struct `A worker that answers` {
    /// The replies to some lines, in order.
    private func replies(to lines: [String], in folder: String) async throws -> [WorkerReply] {
        let (input, output) = ("\(folder)/requests", "\(folder)/replies")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: input))
        let (given, answered) = (
            try FileDescriptor.open(input).release(),
            try FileDescriptor.open(output, O_WRONLY | O_CREAT | O_TRUNC).release()
        )
        defer {
            close(given)
            close(answered)
        }
        let worker = try ChildProcess(
            WorkerRun.program, arguments: ["answer", "--threads", "1"], environment: [:], input: given,
            output: answered)
        #expect(await worker.waitForExit() == .exited(0))
        return try FileDescriptor.open(output).readToEnd().split(separator: UInt8(ascii: "\n"))
            .map { try WorkerReply(JSONCursor(JSONValue(parsing: Array($0)))) }
    }

    @Test func `checks, estimates, describes and predicts, and survives what is no request`() async throws {
        let run = try WorkerRun()
        #expect(try await run.train() == .exited(0))
        let checkpoint = "\(run.checkpoints)/step-000015"
        // A process each for other files, as the daemon has it.
        let requests: [[WorkerRequest]] = [
            [
                .check(
                    training: run.recipe.trainingFile, validation: nil, task: TaskSpecification(),
                    data: DataPipeline(), modelDirectory: Fixture.tinyBert)
            ],
            [.estimate(run.recipe)],
            [
                .card(modelDirectory: checkpoint),
                .predict(
                    modelDirectory: checkpoint,
                    inputs: [PredictionInput(text: "my refund"), PredictionInput(text: "an error", textPair: "here")]),
                .predict(modelDirectory: "/nowhere", inputs: [PredictionInput(text: "a")]),
            ], [.predict(modelDirectory: Fixture.tinyBert, inputs: [PredictionInput(text: "a")])],
        ]
        var replies = try await replies(to: ["no JSON", "{\"operation\": \"dance\"}", ""], in: run.path)
        for some in requests { replies += try await self.replies(to: some.map(\.json.text), in: run.path) }
        try #require(replies.count == 8, "one reply a request, none to an empty line")
        guard case .error(let first) = replies[0], case .error(let second) = replies[1],
            case .answer(let report) = replies[2], case .answer(let foreseen) = replies[3],
            case .answer(let card) = replies[4], case .answer(let predictions) = replies[5],
            case .error(let missing) = replies[6], case .error(let headless) = replies[7]
        else {
            Issue.record("\(replies)")
            return
        }
        #expect(first.message.contains("not JSON"))
        #expect(second.message.contains("operation"))
        #expect(report["rows"]?.integer == 40)
        #expect(foreseen["estimate"]?["total_steps"]?.integer == 15)
        #expect(card["labels"]?.array?.compactMap(\.string) == ["account", "billing", "bug"])
        #expect(predictions.array?.count == 2)
        #expect(missing.code == .invalidModel && missing.message.contains("/nowhere"))
        #expect(headless.code == .invalidModel && headless.message.contains("no classification head"))
    }

    @Test(.enabled(if: Protection.available.isWhole))
    func `opens what its first request named and nothing else`() async throws {
        let run = try WorkerRun()
        let outside = "\(run.path)/outside.jsonl"
        try FileManager.default.copyItem(atPath: run.recipe.trainingFile.path, toPath: outside)
        func check(_ path: String) -> String {
            WorkerRequest.check(
                training: DataFile(path: path, name: "data.jsonl"), validation: nil, task: TaskSpecification(),
                data: DataPipeline(), modelDirectory: nil
            ).json.text
        }
        let inside = run.recipe.trainingFile.path
        let replies = try await replies(
            to: [
                check(inside), check(outside), WorkerRequest.card(modelDirectory: "\(run.path)/model").json.text,
                WorkerRequest.merge(modelDirectory: "\(run.path)/model", outputDirectory: run.path).json.text,
                check(inside),
            ], in: run.path)
        try #require(replies.count == 5)
        guard case .answer = replies[0], case .error(let refused) = replies[1], case .error(let model) = replies[2],
            case .error = replies[3], case .answer = replies[4]
        else {
            Issue.record("\(replies)")
            return
        }
        #expect(refused.message == "Cannot open \(outside): Permission denied.")
        #expect(model.code == .invalidModel && model.message.contains("config.json"))
    }

    @Test func `reads a model through links to where it is kept`() async throws {
        let run = try WorkerRun()
        let model = "\(run.path)/linked"
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: false)
        for name in try FileManager.default.contentsOfDirectory(atPath: Fixture.tinyBert) {
            try FileManager.default.createSymbolicLink(
                atPath: "\(model)/\(name)", withDestinationPath: "\(run.path)/model/\(name)")
        }
        let replies = try await replies(to: [WorkerRequest.card(modelDirectory: model).json.text], in: run.path)
        guard case .answer(let card) = replies.first else {
            Issue.record("\(replies)")
            return
        }
        #expect(card["family"]?.string == "bert")
    }
}
