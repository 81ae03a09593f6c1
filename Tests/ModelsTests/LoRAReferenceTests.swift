import Foundation
import JSON
import Models
import Safetensors
import Tensors
import Testing

/// Adapters against peft; fixtures made by Scripts/make_lora_fixtures.py.
struct LoRAReferenceTests {
    static let names = [
        "lora-bert", "lora-roberta", "lora-roberta-dora", "lora-distilbert-dora", "lora-bert-mlm",
        "lora-bert-embedding",
    ]

    @Test(arguments: names)
    func `outputs and gradients are those of peft`(name: String) throws {
        let fixture = try LoRAFixture(name)
        let model = try fixture.model()
        let batch = fixture.base.batches[0]
        #expect(relativeError(try model.evaluate(batch.packed, rows: batch.rows), fixture.matrix("outputs")) < 1e-5)
        let gradients = try SafetensorsFile(path: fixture.directory + "/gradients.safetensors")
        _ = try fixture.addGradients(of: model, batch)
        let trained = zip(model.store.parameters.filter(\.isTrainable), model.adapterTensors)
        #expect(model.adapterTensors.map(\.name).sorted() == gradients.tensors.map(\.name).sorted())
        for (parameter, exported) in trained {
            let found = Array(try #require(model.store.gradient(parameter)))
            let expected = try gradients.floats(exported.name)
            // Keys: half of their gradient is rounding (see the test of whole models).
            #expect(
                relativeError(found, expected) < (parameter.name.contains("key") ? 1e-3 : 2e-5), "\(parameter.name)")
        }
    }

    @Test(arguments: names)
    func `ten steps of AdamW follow peft, and merging changes no output`(name: String) throws {
        let fixture = try LoRAFixture(name)
        let model = try fixture.model()
        let batches = fixture.base.batches
        let before = Array(model.store.values.elements)
        let optimizer = AdamW(model.store, configuration: .init(weightDecay: fixture.number("weight_decay")))
        for (number, expected) in fixture.list("losses").enumerated() {
            model.store.zeroGradients(on: model.pool)
            let loss = try fixture.addGradients(of: model, batches[number % batches.count])
            #expect(relativeError([loss], [expected]) < 1e-4, "step \(number)")
            optimizer.update(learningRate: fixture.number("rate"), on: model.pool)
        }
        for parameter in model.store.parameters where !parameter.isTrainable {
            #expect(Array(model.store.value(parameter)) == Array(before[parameter.range]), "\(parameter.name)")
        }
        let (batch, expected) = (batches[0], fixture.matrix("trained_outputs"))
        #expect(relativeError(try model.evaluate(batch.packed, rows: batch.rows), expected) < 1e-4)

        let directory = try ModelDirectory()
        try directory.write(model)
        let merged = try EncoderModel(
            weights: SafetensorsDirectory(path: directory.path), configuration: model.configuration, head: model.head,
            keepsHead: true, seed: 0, pool: model.pool)
        #expect(merged.report.initialised.isEmpty && merged.report.unexpected.isEmpty)
        #expect(relativeError(try merged.evaluate(batch.packed, rows: batch.rows), expected) < 1e-4)
    }

    @Test(arguments: names)
    func `what is written has peft's fields and names, and is read back bit by bit`(name: String) throws {
        let fixture = try LoRAFixture(name)
        let model = try fixture.model()
        let written = model.adapterJSON(base: fixture.base.name)
        let peft = try JSONValue(
            parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: fixture.directory + "/adapter_config.json"))))
        for member in written.object?.members ?? [] {
            #expect(member.value == peft[member.name], "\(member.name)")
        }
        let configuration = try AdapterConfiguration(json: written)
        #expect(configuration == (try AdapterConfiguration(directory: fixture.directory)))
        #expect(configuration.base == fixture.base.name && configuration.lora.scale == model.lora?.scale)

        let file = try SafetensorsFile(path: fixture.directory + "/adapter_model.safetensors")
        #expect(file.tensors.map(\.name).sorted() == model.adapterTensors.map(\.name).sorted())
        for tensor in model.adapterTensors { #expect(try file.floats(tensor.name) == Array(tensor.values)) }
    }
}
