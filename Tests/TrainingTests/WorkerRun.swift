import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Testing
import Training

/// A job in a directory of its own, trained by real worker processes; removed with it.
final class WorkerRun: Sendable {
    let path: String
    let recipe: RunRecipe

    /// The worker program beside the test bundle.
    static let program: String = {
        let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appending(path: "finetune-worker").path
    }()

    /// A job on the tiny BERT, on a single thread, without validation and with all checkpoints kept.
    ///
    /// - Parameters:
    ///   - training: content of the training file.
    ///   - holds: whether every checkpoint is held up until ``release(step:)``.
    ///   - checkpoints: where they go; nil takes a folder of the job's own.
    ///   - change: what is different in the recipe.
    init(
        training: String = SampleRows.text(40), validation: String? = nil, holds: Bool = false,
        checkpoints: String? = nil,
        _ change: (inout Recipe) throws -> Void = { _ in }
    ) throws {
        let path = NSTemporaryDirectory() + "worker-run-\(UUID().uuidString)"
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: Fixture.tinyBert, toPath: "\(path)/model")
        if holds { mkfifo("\(path)/model/special_tokens_map.json", 0o600) }
        var recipe = Recipe(model: "tiny-bert", seed: 7)
        recipe.hyperparameters.batchSize = 8
        recipe.strategy.learningRate = 2e-3
        recipe.strategy.keep = .last
        recipe.strategy.keepCheckpoints = 100
        recipe.data.validationSplit = 0
        try change(&recipe)
        self.recipe = RunRecipe(
            jobID: "ftjob-test", attempt: 1, recipe: recipe, modelDirectory: "\(path)/model",
            trainingFile: DataFile(path: "\(path)/train.jsonl", name: "train.jsonl"),
            validationFile: validation.map { _ in DataFile(path: "\(path)/valid.jsonl", name: "valid.jsonl") },
            checkpointsDirectory: checkpoints ?? "\(path)/checkpoints")
        try Data(training.utf8).write(to: URL(fileURLWithPath: "\(path)/train.jsonl"))
        if let validation { try Data(validation.utf8).write(to: URL(fileURLWithPath: "\(path)/valid.jsonl")) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var checkpoints: String { recipe.checkpointsDirectory }

    /// The directory of an attempt.
    func directory(_ attempt: Int) -> RunDirectory { RunDirectory(path: "\(path)/attempt-\(attempt)") }

    /// What an attempt wrote to its standard error.
    func log(_ attempt: Int) throws -> String {
        String(decoding: try FileDescriptor.open(directory(attempt).logPath).readToEnd(), as: UTF8.self)
    }

    /// Writes the recipe of an attempt and starts a worker for it.
    ///
    /// - Parameter error: where its standard error goes; nil is a file.
    func start(_ attempt: Int = 1, error: Int32? = nil) throws -> ChildProcess {
        let directory = try prepare(attempt)
        let log = try FileDescriptor.open(directory.logPath, O_WRONLY | O_CREAT | O_TRUNC)
        return try ChildProcess(
            Self.program, arguments: ["train", directory.path], environment: [:], error: error ?? log.raw)
    }

    /// Starts a worker with none of its three standard descriptors open.
    func startWithoutDescriptors() throws -> ChildProcess {
        let script = "exec \"$0\" train \"$1\" <&- >&- 2>&-"
        return try ChildProcess(
            "/bin/sh", arguments: ["-c", script, Self.program, prepare(1).path], environment: [:])
    }

    /// Writes the recipe of an attempt.
    private func prepare(_ attempt: Int) throws -> RunDirectory {
        let directory = directory(attempt)
        try FileManager.default.createDirectory(atPath: directory.path, withIntermediateDirectories: true)
        var recipe = recipe
        recipe.attempt = attempt
        try directory.write(recipe)
        return directory
    }

    /// Trains an attempt to its end.
    func train(_ attempt: Int = 1) async throws -> ChildProcess.Exit { try await start(attempt).waitForExit() }

    /// The journal of an attempt as far as it is written.
    func entries(_ attempt: Int = 1) throws -> [JournalEntry.Content] {
        try JournalReader(directory(attempt)).read(from: 0).entries.map(\.content)
    }

    /// The points of all attempts up to `attempt`, the last one counting where steps were done again.
    func curve(through attempt: Int = 1) throws -> [CurvePoint] {
        var points: [Int: CurvePoint] = [:]
        for attempt in 1...attempt {
            for case .metrics(let point) in try entries(attempt) {
                let new = CurvePoint(point)
                if let old = points[point.step] { #expect(old == new, "step \(point.step) was not done again alike") }
                points[point.step] = new
            }
        }
        return points.values.sorted { $0.step < $1.step }
    }

    /// The step of the newest point in an attempt's journal.
    func newestStep(_ attempt: Int) throws -> Int {
        try entries(attempt).reduce(0) { newest, entry in
            if case .metrics(let point) = entry { point.step } else { newest }
        }
    }

    /// All that a checkpoint holds, by file name.
    func files(step: Int) throws -> [String: Data] {
        let folder = "\(checkpoints)/\(PublishedCheckpoint.name(step: step))"
        return try FileManager.default.contentsOfDirectory(atPath: folder).reduce(into: [:]) { files, name in
            files[name] = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    /// What of a checkpoint depends on every step before it: weights, moments, state, losses, and the card.
    func essence(step: Int) throws -> [String: Data] {
        let names: Set = [
            "model.safetensors", "optimizer.safetensors", "trainer_state.json", "ledger.safetensors", "README.md",
        ]
        let essence = try files(step: step).filter { names.contains($0.key) }
        #expect(essence.count == names.count)
        return essence
    }

    /// Names in the checkpoints directory but the lock.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: checkpoints).filter { $0 != ".lock" }.sorted()
    }

    /// Waits until the worker is in the midst of writing the checkpoint of a step; it stays there.
    func untilHeld(step: Int) async throws {
        let last = "\(checkpoints)/.writing-\(PublishedCheckpoint.name(step: step))/tokenizer_config.json"
        try await Wait.until("checkpoint \(step) is being written") { FileManager.default.fileExists(atPath: last) }
    }

    /// Lets the held checkpoint of a step be finished.
    func release(step: Int) async throws {
        try await untilHeld(step: step)
        try await Wait.until("the worker reads on") { release() }
    }

    /// Lets every held checkpoint be finished until the worker has ended.
    func releaseAll(until worker: ChildProcess) async throws -> ChildProcess.Exit {
        try await Wait.until("the worker has ended") {
            _ = release()
            return worker.exit != nil
        }
        return await worker.waitForExit()
    }

    /// Opens and closes the pipe that a held worker waits at; false where none waits.
    private func release() -> Bool {
        let raw = open("\(path)/model/special_tokens_map.json", O_WRONLY | O_NONBLOCK)
        if raw >= 0 { close(raw) }
        return raw >= 0
    }
}
