internal import Cryptography
internal import FineTuning
internal import Foundation
internal import JSON
public import RunDirectory

/// Tells whether a checkpoint belongs to a run: a hash over all that its bits depend on.
///
/// That is the recipe without its resources (a job may go on with other threads, to figures that differ in the last
/// bits) and the content of its data files. The pretrained weights need not be among it: a checkpoint holds them all,
/// but beside adapters, where a run that goes on reads the frozen ones anew; then they count too.
public enum RunFingerprint {
    /// The fingerprint of a run, in lower-case hexadecimal.
    ///
    /// - Throws: `JobError` where a file cannot be read.
    /// - Complexity: O(size of the data files, and with adapters of the weights).
    public static func make(_ run: RunRecipe) throws -> String {
        var recipe = run.recipe.json.object ?? JSONObject()
        recipe["resources"] = nil
        var parts = [JSONValue.object(recipe).text]
        for file in [run.trainingFile, run.validationFile].compactMap({ $0 }) {
            do {
                parts.append(try SHA256.hash(fileAt: file.path).digest.hex)
            } catch {
                throw JobError(.invalidTrainingFile, "\(file.name): \(error.description)")
            }
        }
        if run.recipe.layers.lora != nil { parts += try digestsOfWeights(in: run.modelDirectory) }
        return SHA256.hash(parts.joined(separator: "\n")).hex
    }

    private static func digestsOfWeights(in directory: String) throws -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: directory)
                .filter { $0.hasSuffix(".safetensors") }.sorted()
                .map { try SHA256.hash(fileAt: "\(directory)/\($0)").digest.hex }
        } catch {
            throw JobError(.invalidModel, "\(directory): \(error)", param: "model")
        }
    }
}
