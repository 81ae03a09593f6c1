import FineTuning
import JSON
import Models
import RunDirectory
import Tensors
import Testing
import Training

@Suite struct `Every task` {
    /// The specification of a case of the fixture.
    private func specification(_ name: String) -> TaskSpecification {
        var task = TaskSpecification()
        switch name {
        case "multi_label", "ordinal", "class_weights":
            task.labels = ["a", "b", "c"]
            task.multiLabel = name == "multi_label"
            task.ordinal = name == "ordinal"
        case "regression": task = TaskSpecification(.textRegression)
        case "tags":
            task = TaskSpecification(.tokenClassification)
            task.labels = ["B-A", "B-B", "I-A", "I-B", "O"]
        default:
            task = TaskSpecification(.textEmbedding)
            task.embedding?.loss =
                name == "triplet" ? .triplet : name == "cosine" ? .cosine : .inBatchNegatives
        }
        return task
    }

    @Test(arguments: [
        "multi_label", "ordinal", "class_weights", "regression", "tags", "in_batch_negatives", "hard_negatives",
        "triplet", "cosine",
    ])
    func `has the losses of transformers and sentence-transformers for ten steps`(name: String) throws {
        let fixture = try TaskCase(name)
        var recipe = try fixture.recipe(specification(name))
        if name == "class_weights" { recipe.data.classWeights = .weights(["a": 0.5, "b": 2]) }
        let losses = try Fixture.withDirectory { try TaskCase.train(fixture.run(recipe, in: $0)) }
        try #require(losses.count == 10)
        for (step, (found, expected)) in zip(losses, fixture.losses).enumerated() {
            #expect(abs(found - expected) <= 1e-4 * expected, "\(name), step \(step + 1): \(found), not \(expected)")
        }
    }

    @Test func `has the losses of transformers for ten steps over hidden tokens`() throws {
        let fixture = try TaskCase("masks")
        var recipe = try fixture.recipe(TaskSpecification(.maskedLanguageModeling))
        let rows = fixture.rows
        let losses = try Fixture.withDirectory { folder in
            // What is hidden is part of the fixture: the task's own texts only give the number of steps.
            recipe.data.maxLength = 16
            let texts = rows.indices.map { JSONValue.object(["text": .string("my refund on the page \($0)")]) }
            let run = try TaskCase("masks", rows: texts).run(recipe, in: folder)
            let task = try #require(
                try TaskSetup(run: run, pool: ThreadPool(threadCount: 1)).task() as? MaskedLanguageModelingTask)
            task.store.setTrainable { _ in true }
            TaskCase.setHead(task.store)
            let optimizer = AdamW(task.store, configuration: AdamW.Configuration(weightDecay: 0.05))
            return try (0..<10).map { step in
                let batch = try Self.batch(rows[(step % 5 * 4)..<(step % 5 * 4 + 4)])
                task.store.zeroGradients(on: task.pool)
                let loss = try task.loss(batch, .training(nil))
                let mean = Double(loss.mean)
                task.tape.backward(from: loss.value)
                let norm = task.store.gradientNorm(on: task.pool)
                optimizer.update(
                    learningRate: Float(2e-3 * Double(10 - step) / 10), gradientScale: Float(min(1, 1 / (norm + 1e-6))),
                    on: task.pool)
                return mean
            }
        }
        for (step, (found, expected)) in zip(losses, fixture.losses).enumerated() {
            #expect(abs(found - expected) <= 1e-4 * expected, "step \(step + 1): \(found), not \(expected)")
        }
    }

    private static func batch(_ rows: ArraySlice<JSONValue>) throws -> TokenBatch {
        func numbers(_ row: JSONValue, _ name: String) throws -> [Int32] {
            try MetricsFixture.numbers(row[name]).map { Int32($0) }
        }
        let packed = PackedBatch(sequences: try rows.map { try numbers($0, "tokens") })
        let places = try zip(packed.offsets, rows).map { start, row in try numbers(row, "places").map { start + $0 } }
        return TokenBatch(
            packed: packed, rows: places.flatMap { $0 }, targets: try rows.flatMap { try numbers($0, "targets") },
            counts: places.map(\.count))
    }
}
