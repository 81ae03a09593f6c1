import Datasets
import FineTuning
import Foundation
import JSON
import Models
import POSIX
import RunDirectory
import Safetensors
import Tensors
import Testing
import Tokenizers
import Training

@Suite struct `A checkpoint` {
    @Test func `loads again and gives the same answers, to the bit`() throws {
        try Fixture.withDirectory { path in
            let labels = ["account", "billing", "bug"]
            let model = try Fixture.model(labels: 3)
            let recipe = Recipe(model: "tiny-bert", seed: 3)
            let examples = try Fixture.examples(48, labels: 3)
            let trainer = Trainer(
                task: try Fixture.task(model, examples, labels: labels), recipe: recipe,
                plan: try TrainingPlan(recipe: recipe, exampleCount: examples.count, validationCount: 0),
                state: TrainingState(fingerprint: "test", labels: labels),
                order: { _ in Fixture.inOrder(48, batchSize: recipe.hyperparameters.batchSize) })
            while !trainer.isDone { _ = try trainer.step() }
            let writer = CheckpointWriter(store: try CheckpointStore(path: path))
            let (name, _) = try writer.write(trainer, readme: "a model")

            let texts = ["my refund on the page", "an error", "password, please look", "", "𝔘nicode ünd 漢字"]
            let tokenizer = try Tokenizer(directory: "\(path)/\(name)")
            let loaded = try TextAnswerer(directory: "\(path)/\(name)", threads: 2)
            let predictions = try loaded.predict(texts.map { PredictionInput(text: $0) })
            #expect(loaded.labels == labels)
            for (text, prediction) in zip(texts, predictions) {
                let encoding = tokenizer.encode(text, pair: nil, maxLength: 64)
                let expected = try model.evaluate(.init(sequences: [encoding.ids], tokenTypes: [encoding.typeIDs]))
                for (found, logit) in zip(prediction.scores?.logits ?? [], expected) {
                    #expect(abs(found - logit) <= 1e-6 * max(1, abs(logit)), "\(text)")
                }
            }
        }
    }

    @Test(arguments: [
        LayerSelection.head, .top(1), .patterns(include: ["encoder.layer.0.attention.*"], exclude: ["*.bias"]),
    ])
    func `has frozen weights unchanged to the bit, and the others changed`(selection: LayerSelection) async throws {
        let run = try WorkerRun {
            $0.layers.train = selection
            $0.task.head.pooling = .cls
        }
        #expect(try await run.train() == .exited(0))
        let trainable = try selection.trainableNames(
            of: Fixture.model(labels: 3).store.parameters.map(\.specification))
        let before = try SafetensorsDirectory(path: Fixture.tinyBert)
        let after = try SafetensorsDirectory(path: "\(run.checkpoints)/step-000015")
        var changed: Set<String> = []
        for name in before.names {
            let bare = name.hasPrefix("bert.") ? String(name.dropFirst(5)) : name
            let (old, new) = (try before.floats(name), try after.floats("bert.\(bare)"))
            let isSame = old.count == new.count && zip(old, new).allSatisfy { $0.bitPattern == $1.bitPattern }
            if !isSame { changed.insert(bare) }
        }
        #expect(changed == trainable.subtracting(["classifier.weight", "classifier.bias"]))
        #expect(try after.floats("classifier.bias").contains { $0 != 0 })
        guard case .started(let start) = try run.entries().first else { throw Wait.InVain(description: "no start") }
        #expect(start.trainableParameters < start.parameters)
    }
}
