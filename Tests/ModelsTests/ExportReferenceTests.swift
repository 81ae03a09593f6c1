import Foundation
import JSON
import Models
import Safetensors
import Tensors
import Testing

/// What is written here, opened by transformers and peft. Runs where `FINETUNED_REFERENCE_PYTHON` names a Python that has
/// them (`deploy/test --reference`).
@Suite(.enabled(if: ReferencePython.path != nil, "FINETUNED_REFERENCE_PYTHON names no Python"))
struct ExportReferenceTests {
    @Test func `every head of every family loads in transformers, and answers the same`() async throws {
        let root = try ModelDirectory()
        for name in EncoderFixture.names {
            let fixture = try EncoderFixture(name)
            let model = try EncoderModel(
                weights: SafetensorsDirectory(path: fixture.directory),
                configuration: EncoderConfiguration(directory: fixture.directory), head: fixture.head,
                keepsHead: fixture.head == .maskedLanguageModel, seed: 3, pool: ThreadPool(threadCount: 2))
            try export(model, fixture, to: "\(root.path)/\(name)") { directory in
                try SafetensorsWriter(model.exportedTensors).write(toNewFile: "\(directory)/model.safetensors")
            }
        }
        try await check(root)
    }

    @Test(arguments: [LoRATargets.auto, .patterns(["*.layer.1.*"])])
    func `adapters load in peft beside the base model, and merged ones in transformers`(targets: LoRATargets)
        async throws
    {
        let root = try ModelDirectory()
        for (number, name) in EncoderFixture.names.enumerated() {
            let fixture = try EncoderFixture(name)
            let model = try EncoderModel(
                weights: SafetensorsDirectory(path: fixture.directory),
                configuration: EncoderConfiguration(directory: fixture.directory), head: fixture.head,
                keepsHead: fixture.head == .maskedLanguageModel,
                lora: LoRAConfiguration(
                    rank: 2, alpha: 3, targets: targets, stabilizesRank: number % 2 == 0, hasMagnitude: number % 3 == 0),
                seed: 3, pool: ThreadPool(threadCount: 2))
            for parameter in model.store.parameters where parameter.role == .adapter {
                for index in 0..<parameter.count { model.store.value(parameter)[index] += Float(index % 5) * 0.05 }
            }
            try export(model, fixture, to: "\(root.path)/\(name)-adapter", base: fixture.directory) { directory in
                try SafetensorsWriter(model.adapterTensors)
                    .write(toNewFile: "\(directory)/\(AdapterConfiguration.weightsName)")
                try model.adapterJSON(base: fixture.directory).prettyText.write(
                    toFile: "\(directory)/\(AdapterConfiguration.fileName)", atomically: false, encoding: .utf8)
            }
            try export(model, fixture, to: "\(root.path)/\(name)-merged") { directory in
                try SafetensorsWriter(model.exportedTensors).write(toNewFile: "\(directory)/model.safetensors")
            }
        }
        try await check(root)
    }

    /// Writes a directory with config.json, what `write` adds, and probe.json.
    private func export(
        _ model: EncoderModel, _ fixture: EncoderFixture, to directory: String, base: String? = nil,
        _ write: (String) throws -> Void
    ) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        var (labels, problem): ([String], ProblemType?) = ([], nil)
        var probe = JSONObject()
        switch model.head {
        case .sequence(let outputs, _):
            (labels, problem) = ((0..<outputs).map { "label \($0)" }, .singleLabel)
            probe["head"] = "sequence"
        case .token(let outputs, _):
            labels = (0..<outputs).map { "B-\($0)" }
            probe["head"] = "token"
        case .maskedLanguageModel: probe["head"] = "mlm"
        case .embedding(let pooling, let normalizes):
            probe["head"] = .string(pooling.rawValue)
            probe["normalizes"] = .bool(normalizes)
        }
        try model.configuration.json(head: model.head, labels: labels, problem: problem).prettyText
            .write(toFile: "\(directory)/config.json", atomically: false, encoding: .utf8)
        try write(directory)
        let batch = fixture.batches[0].packed
        func rows(_ values: [Int32]) -> JSONValue {
            .array(
                zip(batch.offsets, batch.offsets.dropFirst()).map { start, end in
                    .array(values[Int(start)..<Int(end)].map { JSONValue(Int($0)) })
                })
        }
        probe["tokens"] = rows(batch.tokens)
        probe["types"] = rows(batch.tokenTypes)
        probe["outputs"] = .array(try model.evaluate(batch).map { JSONValue($0) })
        probe["labels"] = JSONValue(labels.count)
        if !labels.isEmpty { probe["names"] = .array(labels.map { .string($0) }) }
        if let base { probe["base"] = .string(base) }
        try JSONValue.object(probe).text.write(toFile: "\(directory)/probe.json", atomically: false, encoding: .utf8)
    }

    /// Runs Scripts/check_exports.py on every directory.
    private func check(_ root: ModelDirectory) async throws {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "Scripts/check_exports.py").path
        let directories = try FileManager.default.contentsOfDirectory(atPath: root.path).sorted()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(ReferencePython.path))
        process.arguments = [script] + directories.map { "\(root.path)/\($0)" }
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1"]) { $1 }
        let log = "\(root.path)/log.txt"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: log))
        process.standardOutput = handle
        process.standardError = handle
        let status = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        let output = try String(contentsOfFile: log, encoding: .utf8)
        #expect(status == 0, "\(output.suffix(2000))")
        #expect(output.split(separator: "\n").count { $0.contains("outputs agree") } == directories.count)
    }
}
