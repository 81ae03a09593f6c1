import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Testing

@Suite("The run directory")
struct RunDirectoryTests {
    let directory: RunDirectory

    init() throws {
        let path = NSTemporaryDirectory() + "run-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = RunDirectory(path: path)
    }

    private func point(_ step: Int) -> MetricPoint {
        MetricPoint(
            step: step, totalSteps: 9, epoch: 0.1, trainLoss: 1.0 / 3, trainAccuracy: nil, learningRate: 5e-5,
            gradientNorm: 2, samplesPerSecond: 31.5, tokens: 77)
    }

    @Test("gives back the recipe that was written")
    func recipe() throws {
        let request = try JobRequest(
            [
                "model": "m", "training_file": "file-a", "layers": ["train": ["include": ["*.5.*"]]],
                "strategy": ["max_grad_norm": nil, "early_stopping": ["metric": "accuracy"]],
            ], threads: 2, seed: 7)
        let run = RunRecipe(
            jobID: "ftjob-a", attempt: 3, recipe: request.recipe, modelDirectory: "/m",
            trainingFile: DataFile(path: "/f", name: "a.jsonl"), validationFile: nil,
            checkpointsDirectory: "../checkpoints")
        try directory.write(run)
        #expect(try directory.recipe() == run)
        #expect(directory.checkpointsPath(run) == directory.path + "/../checkpoints")
    }

    @Test(
        "names the file and the field of a broken recipe",
        arguments: [
            ("{", "expected a member name"), ("{\"format_version\": 99}", "format_version"),
            ("[]", "expected an object"),
        ])
    func brokenRecipe(text: String, word: String) throws {
        try DurableFile.write(Array(text.utf8), to: directory.recipePath)
        let error = #expect(throws: RunDirectoryError.self) { try directory.recipe() }
        #expect(error?.path == directory.recipePath)
        #expect(error?.reason.contains(word) == true)
    }

    @Test("gives back the journal line by line, each once, whatever the size of the readings")
    func journal() throws {
        let evaluation = Evaluation(
            step: 2, epoch: 1, validLoss: 0.5, confusion: ConfusionMatrix(labels: ["a", "b"]))
        let contents: [JournalEntry.Content] = [
            .started(
                RunStart(
                    labels: ["a", "b"], totalSteps: 9, resumedFromStep: nil, trainingRows: 5, validationRows: 1,
                    parameters: 10, trainableParameters: 4)),
            .metrics(point(1)), .metrics(point(2)), .evaluation(evaluation),
            .checkpoint(
                PublishedCheckpoint(
                    step: 2, name: "step-000002",
                    files: [CheckpointFile(name: "config.json", bytes: 3, sha256: "00")], isBest: true,
                    removed: ["step-000001"])),
            .log(.warn, "two\nlines"),
            .stopped(.pause, step: 2),
            .failed(JobError(.diverged, "no")),
            .finished(
                RunResult(
                    step: 9, stoppedEarly: true, trainedTokens: 700, checkpoint: "step-000002", labels: ["a", "b"])),
        ]
        var writer = try JournalWriter(directory)
        for (index, content) in contents.enumerated() {
            try writer.append(content, time: 1.5, index % 3 == 0 ? .synchronized : .buffered)
        }
        try writer.flush()
        let reader = JournalReader(directory)
        for limit in [600, 1000, 1 << 20] {
            var entries: [JournalEntry] = []
            var offset = 0
            while true {
                let batch = try reader.read(from: offset, limit: limit)
                if batch.entries.isEmpty { break }
                entries += batch.entries
                offset = batch.nextOffset
            }
            #expect(entries.map(\.content) == contents)
            #expect(entries.map(\.sequence) == Array(1...contents.count))
        }
    }

    @Test("waits for the rest of a line that is half written")
    func halfLine() throws {
        let line = JournalEntry(sequence: 1, time: 0, content: .metrics(point(1))).json.text + "\n"
        try DurableFile.write(Array(line.utf8.dropLast(5)), to: directory.journalPath)
        let reader = JournalReader(directory)
        #expect(try reader.read(from: 0).nextOffset == 0)
        try DurableFile.write(Array(line.utf8), to: directory.journalPath)
        #expect(try reader.read(from: 0).entries.count == 1)
    }

    @Test("takes a line that is longer than a reading, and stops before one that is no entry")
    func longAndForeignLines() throws {
        let long = JournalEntry(sequence: 1, time: 0, content: .log(.info, String(repeating: "x", count: 5000)))
        let text = long.json.text + "\n"
        try DurableFile.write(Array((text + "garbage\n" + text).utf8), to: directory.journalPath)
        let reader = JournalReader(directory)
        let batch = try reader.read(from: 0, limit: 100)
        #expect(batch.entries == [long])
        #expect(batch.ends == [text.utf8.count])
        #expect(try reader.read(from: 0).entries == [long])
        #expect(throws: RunDirectoryError.self) { try reader.read(from: batch.nextOffset) }
    }

    @Test("refuses a time that is none", arguments: ["-1", "1e300", "\"now\""])
    func hostileTimes(time: String) throws {
        let line = #"{"seq":1,"time":\#(time),"kind":"log","data":{"level":"info","message":""}}"#
        #expect(throws: JSONFault.self) { try JournalEntry(JSONCursor(JSONValue(parsing: Array(line.utf8)))) }
    }

    @Test("refuses a journal that is not one, and a second writer")
    func foreignJournal() throws {
        var writer = try JournalWriter(directory)
        try writer.flush()
        #expect(throws: SystemCallError.self) { _ = try JournalWriter(directory) }
        try DurableFile.write(Array("hello\n".utf8), to: directory.journalPath)
        #expect(throws: RunDirectoryError.self) { try JournalReader(directory).read(from: 0) }
    }

    @Test(
        "refuses names in the journal that lead out of the directory",
        arguments: [
            "../../etc/passwd", "a/../b", ".hidden", "",
        ])
    func hostileNames(name: String) {
        let file: JSONValue = ["name": .string(name), "bytes": 1, "sha256": "00"]
        let cursor = JSONCursor(["step": 1, "name": "step-000001", "files": [file], "best": false, "removed": []])
        #expect(throws: JSONFault.self) { try PublishedCheckpoint(cursor) }
        let checkpoint: JSONValue = ["step": 1, "name": .string(name), "files": [], "best": false, "removed": []]
        #expect(throws: JSONFault.self) { try PublishedCheckpoint(JSONCursor(checkpoint)) }
    }

    @Test("keeps the reason to stop", arguments: StopReason.allCases)
    func stop(reason: StopReason) throws {
        #expect(try directory.requestedStop() == nil)
        try directory.requestStop(reason)
        #expect(try directory.requestedStop() == reason)
    }

    @Test("has one worker at a time, which the daemon can ask after and name")
    func lock() throws {
        #expect(try WorkerLock.holder(checkpointsDirectory: directory.path) == nil)
        do {
            let lock = try WorkerLock.tryAcquire(checkpointsDirectory: directory.path, processIdentifier: 4711)
            #expect(lock != nil)
            #expect(try WorkerLock.tryAcquire(checkpointsDirectory: directory.path, processIdentifier: 1) == nil)
            #expect(try WorkerLock.holder(checkpointsDirectory: directory.path) == 4711)
            withExtendedLifetime(lock) {}
        }
        #expect(try !WorkerLock.isHeld(checkpointsDirectory: directory.path))
    }

    @Test("passes signals on to the worker that holds the lock, and to nobody once it is free")
    func signalHolder() async throws {
        let pipe = try FileDescriptor.pipe()
        let child = try ChildProcess("/bin/cat", arguments: [], environment: [:], input: pipe.read.raw)
        let path = directory.path
        do {
            let lock = try WorkerLock.tryAcquire(checkpointsDirectory: path, processIdentifier: child.identifier)
            withExtendedLifetime(lock) {}
        }
        // The file still names the child, which lives: as if its number were another process's by now.
        #expect(try !WorkerLock.signalHolder(.kill, checkpointsDirectory: path))
        #expect(child.exit == nil)
        let lock = try WorkerLock.tryAcquire(checkpointsDirectory: path, processIdentifier: child.identifier)
        #expect(try WorkerLock.signalHolder(.terminate, checkpointsDirectory: path))
        #expect(await child.waitForExit() == .signalled(15))
        #expect(try !WorkerLock.signalHolder(.terminate, checkpointsDirectory: path))
        withExtendedLifetime(lock) {}
        try pipe.write.close()
    }

    @Test(
        "carries requests and replies unchanged",
        arguments: [
            WorkerRequest.card(modelDirectory: "/m"),
            .predict(
                modelDirectory: "/m",
                inputs: [
                    PredictionInput(text: "a"), PredictionInput(text: "a", textPair: "b"),
                    PredictionInput(words: ["a", "b"]),
                ]),
            .embed(modelDirectory: "/m", texts: ["a"]), .merge(modelDirectory: "/m", outputDirectory: "/o"),
            .check(
                training: DataFile(path: "/t", name: "t.csv"), validation: DataFile(path: "/v", name: "v.csv"),
                task: TaskSpecification(), data: DataPipeline(), modelDirectory: nil),
            .estimate(
                RunRecipe(
                    jobID: "j", attempt: 1, recipe: Recipe(model: "m", seed: 1), modelDirectory: "/m",
                    trainingFile: DataFile(path: "/t", name: "t"), validationFile: nil)),
        ])
    func requests(request: WorkerRequest) throws {
        #expect(try WorkerRequest(JSONCursor(JSONValue(parsing: request.json.bytes))) == request)
    }
}
