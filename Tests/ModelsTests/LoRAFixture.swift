import Foundation
import JSON
import Models
import Safetensors
import Tensors

/// A tiny encoder with adapters and what peft computes with it.
struct LoRAFixture {
    let directory: String
    let base: EncoderFixture
    private let expected: JSONValue

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
        directory = folder.path
        expected = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: "expected.json"))))
        base = try EncoderFixture(expected["base"]?.string ?? "")
    }

    /// The base model with the fixture's adapters and head, of which what peft trains is trainable.
    func model() throws -> EncoderModel {
        let model = try EncoderModel(
            weights: SafetensorsDirectory(path: base.directory),
            configuration: EncoderConfiguration(directory: base.directory), head: base.head, keepsHead: true,
            lora: AdapterConfiguration(directory: directory).lora, seed: 1, pool: ThreadPool(threadCount: 2))
        try model.load(adapter: SafetensorsFile(path: directory + "/" + AdapterConfiguration.weightsName))
        model.store.setTrainable(model.trainsBesideAdapters)
        return model
    }

    func addGradients(of model: EncoderModel, _ batch: EncoderFixture.Batch) throws -> Float {
        model.begin(.training(nil))
        let output = try model.output(batch.packed, rows: batch.rows)
        let loss = model.tape.crossEntropy(output, labels: batch.labels, smoothing: base.number("smoothing")).value
        let value = loss.tensor.base[0]
        model.tape.backward(from: loss)
        return value
    }

    func number(_ name: String) -> Float { Float(expected[name]?.number ?? .nan) }

    func list(_ name: String) -> [Float] { (expected[name]?.array ?? []).map { Float($0.number ?? .nan) } }

    func matrix(_ name: String) -> [Float] {
        (expected[name]?.array ?? []).flatMap { ($0.array ?? []).map { Float($0.number ?? .nan) } }
    }
}
