import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Synchronization

/// One attempt: journal, checkpoints, stop file and lock as a real worker has them.
final class ScriptedRun: Sendable {
    private let directory: RunDirectory
    private let run: RunRecipe
    private let script: Script
    private let checkpoints: String
    private let isStopped = Atomic<Bool>(false)

    init(_ directory: RunDirectory) throws {
        self.directory = directory
        run = try directory.recipe()
        script = try Script(path: run.trainingFile.path)
        checkpoints = directory.checkpointsPath(run)
    }

    func run() async throws {
        let signals = try Signals.stream([.terminate])
        Task { [self] in for await _ in signals { isStopped.store(true, ordering: .relaxed) } }
        guard let lock = try WorkerLock.tryAcquire(checkpointsDirectory: checkpoints, processIdentifier: getpid())
        else { exit(3) }
        if try directory.requestedStop() != nil { isStopped.store(true, ordering: .relaxed) }
        var journal = try JournalWriter(directory)
        try train(&journal)
        withExtendedLifetime(lock) {}
    }

    private func train(_ journal: inout JournalWriter) throws {
        let resumed = try newestCheckpoint()
        try write(
            .started(
                RunStart(
                    labels: ["a", "b"], totalSteps: script.steps, resumedFromStep: resumed, trainingRows: 10,
                    validationRows: 2, parameters: 100, trainableParameters: 100)), &journal)
        for step in (resumed ?? 0) + 1...max((resumed ?? 0) + 1, script.steps + 1) {
            for incident in script.incidents(attempt: run.attempt, step: step) {
                if try !perform(incident, step, &journal) { return }
            }
            usleep(UInt32(script.stepMilliseconds * 1000))
            if isStopped.load(ordering: .relaxed) {
                let done = step - 1
                try publish(done, &journal)
                let reason = try directory.requestedStop() ?? .shutdown
                return try write(.stopped(reason, step: done), &journal)
            }
            guard step <= script.steps else { break }
            try write(point(step), &journal)
            if step % script.checkpointEvery == 0 || step == script.steps {
                try write(evaluation(step), &journal)
                try publish(step, &journal)
            }
        }
        try finish(script.steps, &journal)
        for incident in script.incidents(attempt: run.attempt, step: script.steps + 2) {
            _ = try perform(incident, script.steps + 2, &journal)
        }
    }

    private func finish(_ step: Int, _ journal: inout JournalWriter) throws {
        try write(
            .finished(
                RunResult(
                    step: script.steps, stoppedEarly: false, trainedTokens: script.steps * 100,
                    checkpoint: PublishedCheckpoint.name(step: step), labels: ["a", "b"])), &journal)
    }

    /// - Returns: whether the run goes on.
    private func perform(_ incident: Script.Incident.Kind, _ step: Int, _ journal: inout JournalWriter) throws -> Bool {
        switch incident {
        case .kill: kill(getpid(), SIGKILL)
        case .exit:
            FileHandle.standardError.write(Data("a word of farewell\n".utf8))
            exit(4)
        case .hold: hold()
        case .hang: while true { sleep(1000) }
        case .garbage: try append(Array("what is this?\n".utf8))
        case .skip:
            let entry = JournalEntry(sequence: 1000, time: 1, content: point(step))
            try append(entry.json.bytes + [UInt8(ascii: "\n")])
        case .tear:
            let line = JournalEntry(sequence: step + 1, time: 1, content: .log(.info, "torn")).json.bytes
            try append(Array(line.prefix(30)))
            hold()
            try append(Array(line.dropFirst(30)) + [UInt8(ascii: "\n")])
            exit(0)
        case .fail:
            try write(.failed(JobError(.diverged, "the loss of step \(step) is not finite")), &journal)
            return false
        case .fill:
            try write(.failed(JobError(.diskFull, "there is no room in \(checkpoints)")), &journal)
            return false
        case .invent:
            try finish(999, &journal)
            return false
        }
        return true
    }

    private func hold() {
        while !isStopped.load(ordering: .relaxed), access("\(directory.path)/go", F_OK) != 0 { usleep(2000) }
    }

    private func append(_ bytes: [UInt8]) throws {
        try FileDescriptor.open(directory.journalPath, O_WRONLY | O_APPEND).write(all: bytes)
    }

    private func write(_ content: JournalEntry.Content, _ journal: inout JournalWriter) throws {
        try journal.append(content, time: Date().timeIntervalSince1970)
        try journal.flush()
    }

    private func newestCheckpoint() throws -> Int? {
        try FileManager.default.contentsOfDirectory(atPath: checkpoints).compactMap { name in
            name.hasPrefix("step-") ? Int(name.dropFirst(5)) : nil
        }.max()
    }

    private func publish(_ step: Int, _ journal: inout JournalWriter) throws {
        let name = PublishedCheckpoint.name(step: step)
        try FileManager.default.createDirectory(
            atPath: "\(checkpoints)/\(name)", withIntermediateDirectories: true)
        try write(
            .checkpoint(PublishedCheckpoint(step: step, name: name, files: [], isBest: true, removed: [])), &journal)
    }

    private func point(_ step: Int) -> JournalEntry.Content {
        .metrics(
            MetricPoint(
                step: step, totalSteps: script.steps, epoch: Double(step) / Double(script.steps),
                trainLoss: 1 / Double(step), trainAccuracy: 0.5, learningRate: 1e-5, gradientNorm: 1,
                samplesPerSecond: 1e6, tokens: step * 100))
    }

    private func evaluation(_ step: Int) -> JournalEntry.Content {
        var matrix = ConfusionMatrix(labels: ["a", "b"])
        matrix.add(truth: 0, answer: 0)
        matrix.add(truth: 1, answer: 0)
        return .evaluation(Evaluation(step: step, epoch: 1, validLoss: 1 / Double(step), confusion: matrix))
    }
}
