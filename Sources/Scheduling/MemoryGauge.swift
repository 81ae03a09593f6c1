internal import FineTuning
internal import Foundation
internal import RunDirectory

/// How much memory there is for workers: the machine's, or the control group's where that is less.
struct MemoryGauge: Sendable {
    /// `/proc/meminfo`
    var meminfoPath = "/proc/meminfo"
    /// The control group's directory; nil for none.
    var groupPath = ControlGroup.current?.path

    /// A worker takes about so many times the bytes of the weights' file: weights twice, gradients, two moments.
    private static let bytesPerWeightByte = 5
    /// Tokens of a batch below which activations are small beside the rest.
    private static let smallBatch = 32_768
    /// The share of the memory that is little.
    private static let smallShare = 4

    /// Bytes in all; nil where the system does not say.
    func total() -> Int? {
        [meminfo("MemTotal:"), group("memory.max")].compactMap { $0 }.min()
    }

    /// Bytes that can be had now without swapping; nil where the system does not say.
    func available() -> Int? {
        var values = [meminfo("MemAvailable:")].compactMap { $0 }
        if let limit = group("memory.max"), let used = group("memory.current") {
            values.append(max(0, limit - max(0, used - cachedFiles())))
        }
        return values.min()
    }

    /// Whether a run may need so much that it is worth an exact estimate; errs to that side.
    func mayBeMuch(_ run: RunRecipe, of total: Int) throws -> Bool {
        if run.recipe.hyperparameters.batchSize * run.recipe.data.maxLength > Self.smallBatch { return true }
        let names = try FileManager.default.contentsOfDirectory(atPath: run.modelDirectory)
        var bytes = 0
        for name in names where name.hasSuffix(".safetensors") {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(run.modelDirectory)/\(name)")
            bytes += (attributes[.size] as? Int) ?? 0
        }
        return bytes * Self.bytesPerWeightByte > total / Self.smallShare
    }

    /// Bytes of files that the group's `memory.current` counts and the kernel gives up where memory is needed.
    private func cachedFiles() -> Int {
        guard let groupPath else { return 0 }
        var bytes = 0
        for line in text("\(groupPath)/memory.stat").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, ["active_file", "inactive_file"].contains(words[0]) { bytes += Int(words[1]) ?? 0 }
        }
        return bytes
    }

    /// A value of proc(5) `meminfo`, which is in kibibytes.
    private func meminfo(_ name: String) -> Int? {
        for line in text(meminfoPath).split(separator: "\n") where line.hasPrefix(name) {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
        }
        return nil
    }

    /// A value of the control group; nil also for `max`, no limit.
    private func group(_ name: String) -> Int? {
        groupPath.flatMap { Int(text("\($0)/\(name)").trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private func text(_ path: String) -> String {
        // A system without the file is no fault: then nothing is known.
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
