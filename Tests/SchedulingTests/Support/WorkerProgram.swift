import FineTuning
import Foundation
import JSON
import POSIX
import RunDirectory

/// The worker program that was built beside the tests, and what it works on.
enum WorkerProgram {
    static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appending(path: "finetune-worker").path
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    /// A BERT of a few thousand random parameters without a head.
    static let tinyBert = tests.appending(path: "EndToEndTests/Fixtures/tiny-bert").path
    /// Does what the script `worker.sh` in the asked model's directory says.
    static let scripted = tests.appending(path: "SchedulingTests/Fixtures/shell-worker").path

    /// A training file of two labels that differ by a word.
    static let rows = (0..<40).map { index in
        "{\"text\":\"the \(index % 2 == 0 ? "bill" : "screen") number \(index)\",\"label\":\"\(index % 2 == 0 ? "billing" : "bug")\"}\n"
    }.joined()

    /// The recipe of a run of two steps.
    static func recipe(trainingFile: String, model: String = tinyBert) -> RunRecipe {
        var recipe = Recipe(model: "tiny-bert", seed: 1)
        recipe.hyperparameters.epochs = 1
        recipe.hyperparameters.batchSize = 16
        return RunRecipe(
            jobID: "ftjob-test", attempt: 1, recipe: recipe, modelDirectory: model,
            trainingFile: DataFile(path: trainingFile, name: "rows.jsonl"), validationFile: nil)
    }

    /// Trains the tiny model for a moment.
    ///
    /// - Returns: the directory of its last checkpoint, below `scratch`.
    static func train(in scratch: ScratchDirectory) async throws -> String {
        let data = try scratch.write(rows, to: "rows.jsonl")
        try scratch.write(recipe(trainingFile: data).json.text, to: "recipe.json")
        let child = try ChildProcess(path, arguments: ["train", scratch.path], environment: [:])
        let exit = await child.waitForExit()
        guard exit.isSuccess else {
            let journal = try String(contentsOfFile: scratch.file("journal.jsonl"), encoding: .utf8)
            throw JobError(.workerDied, "training \(exit): \(journal)")
        }
        let checkpoints = scratch.file("checkpoints")
        let names = try FileManager.default.contentsOfDirectory(atPath: checkpoints).filter { $0.hasPrefix("step-") }
        guard let last = names.max() else { throw JobError(.internalError, "no checkpoint in \(checkpoints)") }
        return "\(checkpoints)/\(last)"
    }
}
