import FineTuning
import Foundation
import RunDirectory
import Testing

@testable import Training

@Suite struct RunFingerprintTests {
    private func fingerprints(_ layers: LayersSpecification) throws -> (before: String, after: String) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fingerprint-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (weights, rows) = (folder.appendingPathComponent("model.safetensors"), folder.appendingPathComponent("a"))
        try Data([1]).write(to: weights)
        try Data([1]).write(to: rows)
        let run = RunRecipe(
            jobID: "ftjob-test", attempt: 1, recipe: Recipe(model: "tiny", seed: 1, layers: layers),
            modelDirectory: folder.path, trainingFile: DataFile(path: rows.path, name: "a"), validationFile: nil)
        let before = try RunFingerprint.make(run)
        try Data([2]).write(to: weights)
        return (before, try RunFingerprint.make(run))
    }

    @Test func `beside adapters other pretrained weights make another run`() throws {
        var layers = LayersSpecification()
        layers.lora = LoRASpecification()
        let (before, after) = try fingerprints(layers)
        #expect(before != after)
    }

    @Test func `without adapters a checkpoint holds all weights, and the pretrained ones may be gone`() throws {
        let (before, after) = try fingerprints(LayersSpecification())
        #expect(before == after)
    }
}
