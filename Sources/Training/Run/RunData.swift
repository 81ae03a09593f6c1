internal import Datasets
internal import FineTuning
internal import RunDirectory
internal import Tokenizers

/// Reads the data files of a run.
enum RunData {
    /// Reads, checks and tokenizes the files of a run.
    ///
    /// - Throws: `JobError` where a file cannot be read or has faults, with the first of them and their lines.
    static func valid(_ setup: TaskSetup, _ base: PretrainedModel) throws(JobError) -> TaskData {
        let data = try read(setup, base)
        guard data.report.isValid else { throw invalid(data.report, name: setup.run.trainingFile.name) }
        return data
    }

    /// Reads, checks and tokenizes the files of a run; faults are in the report.
    static func read(_ setup: TaskSetup, _ base: PretrainedModel) throws(JobError) -> TaskData {
        try read(
            setup.run.trainingFile, setup.run.validationFile, setup.run.recipe.task, setup.run.recipe.data,
            seed: setup.seed, base, threads: setup.threads, directory: setup.examplesDirectory)
    }

    /// Reads, checks and, with a model, tokenizes files; faults are in the report.
    ///
    /// - Parameters:
    ///   - base: `data.max_length` beyond its longest text is cut down to it.
    ///   - directory: where the file of tokenized examples lies; nil takes the system's for temporary files.
    static func read(
        _ training: DataFile, _ validation: DataFile?, _ task: TaskSpecification, _ data: DataPipeline, seed: UInt64,
        _ base: PretrainedModel?, threads: Int, directory: String? = nil
    ) throws(JobError) -> TaskData {
        var data = data
        if let base { data.maxLength = min(data.maxLength, base.longestText) }
        do {
            return try TaskData(
                training: source(training), validation: validation.map(source), task: task, data: data, seed: seed,
                tokenizer: base?.tokenizer, threads: threads, directory: directory)
        } catch {
            throw JobError(.invalidTrainingFile, error.description, param: "training_file")
        }
    }

    private static func source(_ file: DataFile) -> DataSource { DataSource(path: file.path, name: file.name) }

    private static func invalid(_ report: DataReport, name: String) -> JobError {
        let errors = report.findings.filter { $0.severity == .error }
        let shown = errors.prefix(3).map(\.description).joined(separator: " · ")
        let count = report.errors == 1 ? "1 fault" : "\(report.errors) faults"
        let more = report.errors > 3 ? " · and \(report.errors - 3) more" : ""
        return JobError(.invalidTrainingFile, "\(name) has \(count): \(shown)\(more)", param: "training_file")
    }
}
