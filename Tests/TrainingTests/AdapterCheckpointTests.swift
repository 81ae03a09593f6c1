import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory
import Safetensors
import Testing
import Training

@Suite struct `A checkpoint with adapters` {
    private func run(merge: Bool) throws -> WorkerRun {
        try WorkerRun(validation: SampleRows.text(9)) { recipe in
            recipe.hyperparameters.epochs = 1
            recipe.layers = LayersSpecification(lora: LoRASpecification())
            recipe.layers.lora?.merge = merge
            recipe.strategy.learningRate = 2e-2
        }
    }

    private func published(_ run: WorkerRun) throws -> Set<String> {
        for case .checkpoint(let checkpoint) in try run.entries() { return Set(checkpoint.files.map(\.name)) }
        throw Wait.InVain(description: "no checkpoint")
    }

    @Test func `is told of as what peft loads, and answers as a whole model`() async throws {
        let run = try run(merge: false)
        #expect(try await run.train() == .exited(0))
        let names = try published(run)
        #expect(names.isSuperset(of: ["adapter_model.safetensors", "adapter_config.json", "config.json"]))
        #expect(!names.contains("model.safetensors"))
        let checkpoint = "\(run.checkpoints)/step-000005"
        let adapters = try SafetensorsFile(path: "\(checkpoint)/adapter_model.safetensors")
        let name = "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight"
        #expect(adapters.tensor(named: name)?.shape.first == 8)
        // The answers are those of the merged weights, which differ from the base by just the adapters.
        let base = try SafetensorsDirectory(path: Fixture.tinyBert)
        let merged = try SafetensorsDirectory(path: checkpoint)
        let bare = base.names.contains { $0.hasPrefix("bert.") } ? "bert." : ""
        for (part, isSame) in [("query", false), ("key", true), ("value", false)] {
            let layer = "encoder.layer.0.attention.self.\(part).weight"
            #expect(try (base.floats(bare + layer) == merged.floats("bert." + layer)) == isSame, "\(part)")
        }
        guard case .started(let start) = try run.entries().first else { throw Wait.InVain(description: "no start") }
        #expect(start.trainableParameters < start.parameters / 2)
        #expect(start.blocks.map(\.trainable).reduce(0, +) == start.trainableParameters)
        #expect(start.blocks.map(\.parameters).reduce(0, +) == start.parameters)
    }

    @Test func `is the merged model where that is asked for, or made of it later`() async throws {
        let (apart, whole) = (try run(merge: false), try run(merge: true))
        #expect(try await apart.train() == .exited(0))
        #expect(try await whole.train() == .exited(0))
        #expect(try published(whole).contains("model.safetensors"))
        #expect(try !published(whole).contains("adapter_config.json"))
        #expect(try apart.curve() == whole.curve())
        let request = WorkerRequest.merge(
            modelDirectory: "\(apart.checkpoints)/step-000005", outputDirectory: "\(apart.path)/merged")
        let reply = RequestAnswerer(threads: 1).reply(to: request.json.bytes)
        guard case .answer(let files) = reply else { throw Wait.InVain(description: "\(reply)") }
        #expect(files.array?.contains { $0["name"]?.string == "model.safetensors" } == true)
        let weights = try ["\(apart.path)/merged", "\(whole.checkpoints)/step-000005"].map {
            try Data(contentsOf: URL(fileURLWithPath: "\($0)/model.safetensors"))
        }
        #expect(weights[0] == weights[1])
        #expect(!FileManager.default.fileExists(atPath: "\(apart.path)/merged/adapter_config.json"))
        guard
            case .error = RequestAnswerer(threads: 1).reply(
                to: WorkerRequest.merge(modelDirectory: Fixture.tinyBert, outputDirectory: "\(apart.path)/none").json
                    .bytes)
        else { throw Wait.InVain(description: "a model without adapters was merged") }
    }

    @Test func `is refused for layers that the model does not have, with their names`() async throws {
        let run = try WorkerRun { recipe in
            recipe.layers = LayersSpecification(lora: LoRASpecification())
            recipe.layers.lora?.targets = .patterns(["c_attn"])
        }
        #expect(try await run.train() == .exited(1))
        guard case .failed(let error) = try run.entries().last else { throw Wait.InVain(description: "no failure") }
        #expect(error.code == .invalidRecipe)
        #expect(error.param == "layers.lora.targets")
        #expect(error.message.contains("c_attn") && error.message.contains("query"))
    }
}
