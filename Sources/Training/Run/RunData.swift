internal import Datasets
internal import FineTuning
internal import RunDirectory
internal import Tokenizers

/// Reads the data files of a run.
enum RunData {
    /// Reads, checks and tokenizes.
    ///
    /// - Parameter longestText: of the model, in tokens; `data.max_length` beyond it is cut down to it.
    /// - Throws: `JobError` where a file cannot be read or has faults, with the first of them and their lines.
    static func load(_ setup: TaskSetup, tokenizer: Tokenizer, longestText: Int) throws(JobError) -> TaskData {
        let data = try read(
            setup.run, tokenizer: tokenizer, longestText: longestText, threads: setup.threads,
            directory: setup.examplesDirectory)
        guard data.report.isValid else { throw invalid(data.report, name: setup.run.trainingFile.name) }
        return data
    }

    /// Reads, checks and tokenizes; faults are in the report.
    ///
    /// - Parameter directory: where the file of tokenized examples lies; nil takes the system's for temporary files.
    static func read(
        _ run: RunRecipe, tokenizer: Tokenizer?, longestText: Int, threads: Int, directory: String? = nil
    ) throws(JobError) -> TaskData {
        var pipeline = run.recipe.data
        pipeline.maxLength = min(pipeline.maxLength, longestText)
        do {
            return try TaskData(
                training: source(run.trainingFile), validation: run.validationFile.map(source), task: run.recipe.task,
                data: pipeline, seed: UInt64(bitPattern: Int64(run.recipe.seed)), tokenizer: tokenizer,
                threads: threads, directory: directory)
        } catch {
            throw JobError(.invalidTrainingFile, error.description, param: "training_file")
        }
    }

    static func source(_ file: DataFile) -> DataSource { DataSource(path: file.path, name: file.name) }

    private static func invalid(_ report: DataReport, name: String) -> JobError {
        let errors = report.findings.filter { $0.severity == .error }
        let shown = errors.prefix(3).map(\.description).joined(separator: " · ")
        let count = report.errors == 1 ? "1 fault" : "\(report.errors) faults"
        let more = report.errors > 3 ? " · and \(report.errors - 3) more" : ""
        return JobError(.invalidTrainingFile, "\(name) has \(count): \(shown)\(more)", param: "training_file")
    }
}
