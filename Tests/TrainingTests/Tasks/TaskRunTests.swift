import FineTuning
import Foundation
import JSON
import RunDirectory
import Tensors
import Testing
import Training

@Suite struct `A run of every task` {
    /// Trains the rows of a case of the fixture in this process, evaluates them, and writes the model.
    private func evaluation(
        _ name: String, _ task: TaskSpecification, in folder: String, _ change: (inout Recipe) -> Void = { _ in }
    ) throws -> Evaluation {
        let fixture = try TaskCase(name)
        var recipe = try fixture.recipe(task)
        recipe.hyperparameters.epochs = 6
        recipe.strategy.learningRate = 1e-2
        change(&recipe)
        let run = try fixture.run(recipe, in: folder, isValidated: true)
        func train(_ task: some TrainingTask) throws -> Evaluation {
            let trainer = try Trainer(run, task: task)
            while !trainer.isDone { _ = try trainer.step() }
            let evaluation = try trainer.evaluate().evaluation
            let name = try CheckpointWriter(store: CheckpointStore(path: "\(folder)/checkpoints"))
                .write(trainer, readme: "").name
            try FileManager.default.moveItem(atPath: "\(folder)/checkpoints/\(name)", toPath: "\(folder)/model")
            try LedgerFile.write(
                trainer.ledger, hasProbabilities: task.lossesAreLogProbabilities, to: "\(folder)/ledger.jsonl",
                describe: task.describe)
            return evaluation
        }
        return try train(TaskSetup(run: run, pool: ThreadPool(threadCount: 1)).task())
    }

    private func predictions(_ inputs: [PredictionInput], in folder: String) throws -> [Prediction] {
        try TextAnswerer(directory: "\(folder)/model", threads: 1).predict(inputs)
    }

    private func ledger(in folder: String) throws -> [LedgerEntry] {
        try String(contentsOfFile: "\(folder)/ledger.jsonl", encoding: .utf8).split(separator: "\n").map {
            try LedgerEntry(JSONCursor(JSONValue(parsing: Array($0.utf8))))
        }
    }

    /// Whether an evaluation has the figures that its task is said to give.
    private func hasAllMetrics(_ evaluation: Evaluation, _ task: TaskSpecification) -> Bool {
        task.metrics.allSatisfy { evaluation.value(of: $0) != nil }
    }

    @Test func `answers with any number of labels`() throws {
        try Fixture.withDirectory { folder in
            var task = TaskSpecification()
            task.labels = ["a", "b", "c"]
            task.multiLabel = true
            let evaluation = try evaluation("multi_label", task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            #expect(evaluation.perClass.map(\.label) == ["a", "b", "c"])
            #expect(evaluation.worstExamples.count == 20 && evaluation.worstExamples[0].text.isEmpty == false)
            guard case .labels(let scores) = try predictions([PredictionInput(text: "my refund")], in: folder)[0] else {
                Issue.record("no labels")
                return
            }
            #expect(scores.labels == ["a", "b", "c"] && scores.logits.count == 3)
            let entries = try ledger(in: folder)
            #expect(entries.count == 20 && entries[0].losses.count == 6 && entries[0].probabilities == nil)
            #expect(entries[0].label.array != nil)
        }
    }

    @Test func `answers with ranks, and ranks its lines by their losses`() throws {
        try Fixture.withDirectory { folder in
            var task = TaskSpecification()
            task.labels = ["a", "b", "c"]
            task.ordinal = true
            let evaluation = try evaluation("ordinal", task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            #expect(evaluation.calibration?.bins.count == 15)
            let entries = try ledger(in: folder)
            #expect(entries.map(\.rank) == Array(1...20) && Set(entries.map(\.line)) == Set(1...20))
            #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.score >= $1.score })
            #expect(entries.allSatisfy { $0.probabilities?.count == 6 && $0.answer.string != nil })
        }
    }

    @Test func `answers with a number`() throws {
        try Fixture.withDirectory { folder in
            let task = TaskSpecification(.textRegression)
            let evaluation = try evaluation("regression", task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            let scores = try #require(evaluation.scores)
            let squares = zip(scores.truth, scores.answers).map { Double(($0 - $1) * ($0 - $1)) }
            let mean = squares.reduce(0, +) / Double(squares.count)
            #expect(abs(mean - (evaluation.metrics[.mse] ?? .nan)) < 1e-5 * max(1, mean))
            guard case .score(let score) = try predictions([PredictionInput(text: "a", textPair: "b")], in: folder)[0]
            else {
                Issue.record("no number")
                return
            }
            #expect(score.isFinite)
        }
    }

    @Test func `answers with entities, and tags for words`() throws {
        try Fixture.withDirectory { folder in
            let task = TaskSpecification(.tokenClassification)
            let evaluation = try evaluation("tags", task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            #expect(evaluation.perEntityType.map(\.label) == ["A", "B"])
            let text = "Ünlü refund, please 🙂 now"
            let answers = try predictions(
                [PredictionInput(text: text), PredictionInput(words: ["my", "refund", "page"])], in: folder)
            guard case .tags(let found) = answers[0], case .tags(let tagged) = answers[1] else {
                Issue.record("no tags")
                return
            }
            let scalars = Array(text.unicodeScalars)
            for span in found.entities {
                #expect(String(String.UnicodeScalarView(scalars[span.start..<span.end])) == span.text)
            }
            #expect(found.tags == nil && tagged.tags?.count == 3)
            #expect(tagged.entities.allSatisfy { $0.end <= 3 && $0.score > 0 && $0.score <= 1 })
        }
    }

    @Test func `fills masks`() throws {
        try Fixture.withDirectory { folder in
            let task = TaskSpecification(.maskedLanguageModeling)
            let evaluation = try evaluation("multi_label", task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            let answers = try predictions([PredictionInput(text: "my [MASK] on [MASK]")], in: folder)
            guard case .fills(let fills) = answers[0] else {
                Issue.record("no fills")
                return
            }
            #expect(fills.count == 2 && fills.allSatisfy { $0.candidates.count == 5 })
            #expect(fills[0].candidates[0].score >= fills[0].candidates[1].score)
            #expect(throws: JobError.self) { try predictions([PredictionInput(text: "nothing")], in: folder) }
        }
    }

    @Test(arguments: ["hard_negatives", "triplet", "cosine"])
    func `answers with vectors`(name: String) throws {
        try Fixture.withDirectory { folder in
            var task = TaskSpecification(.textEmbedding)
            task.embedding?.loss = name == "triplet" ? .triplet : name == "cosine" ? .cosine : .inBatchNegatives
            let evaluation = try evaluation(name, task, in: folder)
            #expect(hasAllMetrics(evaluation, task))
            #expect((evaluation.scores != nil) == (name == "cosine"))
            let vectors = try TextAnswerer(directory: "\(folder)/model", threads: 1, onlyVectors: true).embed([
                "a", "b",
            ])
            for vector in vectors {
                let length = vector.components.reduce(0.0) { $0 + Double($1) * Double($1) }
                #expect(abs(length - 1) < 1e-5 && vector.components.count == 32)
            }
        }
    }

    @Test func `over a frozen trunk pools as the encoder was trained to, and says so to sentence-transformers`() throws
    {
        try Fixture.withDirectory { folder in
            var task = TaskSpecification()
            task.labels = ["a", "b", "c"]
            _ = try evaluation("ordinal", task, in: folder) {
                $0.layers.train = .head
                $0.strategy.dropout = nil
            }
            let modules = try JSONValue(
                parsing: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/model/modules.json"))))
            #expect(modules.array?.compactMap { $0["path"]?.string } == ["", "1_Pooling", "2_Dense"])
            let pooling = try JSONValue(
                parsing: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/model/1_Pooling/config.json"))))
            #expect(pooling["pooling_mode_mean_tokens"] == true)
        }
    }
}
