internal import Cryptography
internal import FineTuning
internal import JSON
public import RunDirectory

/// Tells whether a checkpoint belongs to a run: a hash over all that its bits depend on.
///
/// That is the recipe without its resources (a job may go on with other threads, to figures that differ in the last
/// bits) and the content of its data files. The pretrained weights need not be among it: a checkpoint holds them all.
public enum RunFingerprint {
    /// The fingerprint of a run, in lower-case hexadecimal.
    ///
    /// - Throws: `JobError` where a data file cannot be read.
    /// - Complexity: O(size of the data files).
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
        return SHA256.hash(parts.joined(separator: "\n")).hex
    }
}
