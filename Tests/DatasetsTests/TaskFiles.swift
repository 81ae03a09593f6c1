import FineTuning
import Tokenizers

@testable import Datasets

/// Reads files of a task with a tokenizer of letters.
struct TaskFiles {
    let scratch: Scratch
    let tokenizer: Tokenizer

    init() throws {
        scratch = try Scratch()
        tokenizer = try .letters()
    }

    /// - Parameters:
    ///   - training: the contents of the training file.
    ///   - change: of the data pipeline.
    func load(
        _ task: TaskSpecification, _ training: String, validation: String? = nil, split: Double = 0, threads: Int = 2,
        tokenized: Bool = true, name: String = "train.jsonl", _ change: (inout DataPipeline) -> Void = { _ in }
    ) throws -> TaskData {
        var data = DataPipeline()
        data.validationSplit = split
        data.maxLength = 16
        change(&data)
        return try TaskData(
            training: try scratch.file(name, training),
            validation: try validation.map { try scratch.file("valid.jsonl", $0) }, task: task, data: data, seed: 3,
            tokenizer: tokenized ? tokenizer : nil, threads: threads, directory: scratch.path)
    }
}
