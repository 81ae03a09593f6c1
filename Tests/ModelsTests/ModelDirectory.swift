import Foundation
import JSON
import Models
import Safetensors
import Tensors

/// A model directory that is removed with the value's owner.
final class ModelDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "models-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a model as a checkpoint does; `rename` may change a tensor's name, or drop it by nil.
    func write(_ model: EncoderModel, labels: [String] = [], rename: (String) -> String? = { $0 }) throws {
        let entries = model.exportedTensors.compactMap { entry in
            rename(entry.name).map { SafetensorsEntry(name: $0, shape: entry.shape, values: entry.values) }
        }
        try SafetensorsWriter(entries, metadata: ["format": "pt"]).write(toNewFile: path + "/model.safetensors")
        try write(config: model.configuration.json(head: model.head, labels: labels).prettyText)
    }

    func write(config: String) throws {
        try config.write(toFile: path + "/config.json", atomically: true, encoding: .utf8)
    }

    func load(newHead: Int? = nil, threads: Int = 2) throws -> EncoderModel {
        let (weights, configuration) = (try SafetensorsDirectory(path: path), try EncoderConfiguration(directory: path))
        let own = try newHead == nil ? configuration.head(in: weights) : nil
        return try EncoderModel(
            weights: weights, configuration: configuration, head: own ?? .sequence(outputs: newHead ?? 2),
            keepsHead: newHead == nil, seed: 4, pool: ThreadPool(threadCount: threads))
    }
}
