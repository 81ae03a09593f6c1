public import FineTuning
public import Tokenizers

/// The files of a job: what a check of them found, and the examples.
public struct TaskData: Sendable {
    /// What the check found. Training must not begin unless it is valid.
    public let report: DataReport
    /// The labels or tags in the order of the model's output: those of the task, else those of the training file, sorted;
    /// empty for tasks without.
    public let labels: [String]
    /// The examples to train on, in the order of the file; empty without a tokenizer, or where the report has errors.
    public let training: Examples
    /// The examples to evaluate on: of the validation file, or held back from the training file.
    public let validation: Examples
    /// How much each label counts in the loss; empty where all count 1.
    public let classWeights: [Double]
    /// The class of each training example, where the labels are to be shown evenly; else nil.
    public let oversampledClasses: [Int32]?

    /// Reads, checks, tokenizes and splits the files.
    ///
    /// - Parameters:
    ///   - training: the training file.
    ///   - validation: the validation file; nil holds `data.validationSplit` of the training file back.
    ///   - seed: what the split is drawn from.
    ///   - tokenizer: nil only checks, and counts lengths in words.
    ///   - threads: for reading and the tokenizer; the result does not depend on it.
    ///   - directory: where the examples' file without a name lies; nil takes the system's for temporary files.
    /// - Throws: where a file cannot be read or written; whatever is wrong inside is in the report.
    public init(
        training: DataSource, validation: DataSource? = nil, task: TaskSpecification, data: DataPipeline,
        seed: UInt64, tokenizer: Tokenizer?, threads: Int = 1, directory: String? = nil
    ) throws(DatasetError) {
        let shape = RowShape(task)
        let reading = FileReading(
            shape: shape, data: data,
            encoder: RowEncoder(tokenizer: tokenizer, maxLength: data.maxLength, dividesTexts: shape.dividesTexts),
            threads: threads, directory: directory)
        let main = try reading.read(training, labels: task.labels.map { LabelSet($0, isGiven: true) })
        let (labels, renumbering) = main.labels.ordered(isTagged: shape == .tagged)
        let held = try validation.map { source throws(DatasetError) in
            try reading.read(source, labels: shape.hasLabels ? labels : nil, other: main)
        }
        var summary = DataSummary(
            main, held, labels: labels, renumbering: renumbering, maxLength: tokenizer.map { _ in data.maxLength })
        let strata = Strata(main)
        let parts =
            held == nil
            ? StratifiedSplit.split(
                labels: strata.numbers, labelCount: strata.count, share: data.validationSplit, seed: seed)
            : (training: Array(0..<main.rows), validation: [])
        let scale = shape == .scored(pairs: true) ? summary.cosineScale : 1
        let identity = labels.names.indices.map { Int32($0) }
        let examples = try main.finish(renumbering: renumbering, scale: scale)
        let heldExamples = try held?.finish(renumbering: identity, scale: scale)
        summary.report.validationRows = held?.rows ?? parts.validation.count
        let selected = examples.count == 0 ? Examples() : examples.selecting(main.examples(of: parts.training))
        if tokenizer != nil { summary.report.tokens = selected.tokenCount }
        report = summary.report
        self.labels = labels.names
        let isUsable = summary.report.isValid && examples.count > 0
        self.training = isUsable ? selected : Examples()
        self.validation =
            isUsable ? heldExamples ?? examples.selecting(main.examples(of: parts.validation)) : Examples()
        let isSingle = shape == .labelled(several: false)
        let classes = isSingle ? parts.training.map { renumbering[Int(main.classes[$0])] } : []
        classWeights = data.classWeights.values(
            labels: labels.names,
            counts: isSingle ? classes.counts(below: labels.names.count) : summary.labelCounts,
            rows: isSingle ? classes.count : main.rows)
        oversampledClasses = data.oversample == .balanced && isSingle ? classes : nil
    }
}

extension [Int32] {
    /// How often each class is there.
    fileprivate func counts(below count: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: count)
        for number in self where Int(number) < count { counts[Int(number)] += 1 }
        return counts
    }
}

/// How the files of a job are read.
private struct FileReading {
    let shape: RowShape
    let data: DataPipeline
    let encoder: RowEncoder
    let threads: Int
    let directory: String?

    func read(
        _ source: DataSource, labels: LabelSet?, other: ExampleCollector? = nil
    ) throws(DatasetError) -> ExampleCollector {
        let collector = ExampleCollector(
            shape: shape, fields: data.fields, labels: labels, other: other,
            writer: encoder.tokenizer == nil ? nil : try ExampleWriter(directory: directory))
        do throws(ReadingError) {
            let file = try DataFile(source, shape: shape, data: data)
            do {
                try RowPipeline(file, encoder: encoder, collector: collector).run(threads: threads)
            } catch {
                throw ReadingError.system(error)
            }
        } catch {
            switch error {
            case .system(let error): throw error
            case .damaged(let reason, let fix): collector.append(Finding(.error, reason: reason, fix: fix))
            }
        }
        collector.finishFindings()
        return collector
    }
}
