public import FineTuning
public import Tokenizers

/// The files of a text classification job: what a check of them found, and the examples.
public struct TextClassificationData: Sendable {
    /// What the check found. Training must not begin unless it is valid.
    public let report: DataReport
    /// The labels in the order of the model's output: those of the task, else those of the training file, sorted.
    public let labels: [String]
    /// The examples to train on, in the order of the file; empty without a tokenizer, or where the report has errors.
    public let training: Examples
    /// The examples to evaluate on: of the validation file, or held back from the training file.
    public let validation: Examples

    /// Reads, checks, splits and tokenizes the files.
    ///
    /// - Parameters:
    ///   - training: the training file.
    ///   - validation: the validation file; nil holds `data.validationSplit` of the training file back, by label.
    ///   - seed: what the split is drawn from.
    ///   - tokenizer: nil only checks, and counts lengths in words.
    ///   - threads: for the tokenizer; the result does not depend on it.
    /// - Throws: where a file cannot be read; whatever is wrong inside is in the report.
    public init(
        training: DataSource, validation: DataSource? = nil, task: TaskSpecification, data: DataPipeline,
        seed: UInt64, tokenizer: Tokenizer?, threads: Int = 1
    ) throws(DatasetError) {
        var findings = FindingList()
        let mapping = RowMapping(fields: data.fields)
        let rows = try Self.rows(of: training, mapping, &findings)
        let labels = task.labels.map { LabelSet(given: $0) } ?? LabelSet(inferredFrom: rows)
        let main = NumberedRows(rows, labels: labels, field: data.fields.label, findings: &findings)
        let held = try validation.map { source throws(DatasetError) in
            var own = FindingList()
            let rows = try Self.rows(of: source, mapping, &own)
            let numbered = NumberedRows(rows, labels: labels, field: data.fields.label, findings: &own)
            findings.append(contentsOf: own, about: "validation file")
            return numbered
        }
        let encoded = tokenizer.map { main.encoded(by: $0, maxLength: data.maxLength, threads: threads) }
        let heldEncoded = tokenizer.flatMap { held?.encoded(by: $0, maxLength: data.maxLength, threads: threads) }

        var checks = FileChecks()
        checks.check(main, held, labels, field: data.fields.label)
        let lengths = encoded.map { $0.lengths + (heldEncoded?.lengths ?? []) }
        if let lengths { checks.checkTruncation(lengths: lengths, maxLength: data.maxLength) }
        for finding in checks.findings { findings.append(finding) }

        let parts =
            held == nil
            ? StratifiedSplit.split(
                labels: main.numbers, labelCount: labels.names.count, share: data.validationSplit, seed: seed)
            : (training: Array(main.rows.indices), validation: [])
        var report = DataReport()
        report.rows = main.rows.count
        report.validationRows = held?.rows.count ?? parts.validation.count
        report.labels = zip(labels.names, main.counts).map { LabelCount(label: $0, count: $1) }
        report.errors = findings.errorCount
        report.warnings = findings.warningCount
        report.findings = findings.kept
        report.lengths =
            encoded.map { LengthHistogram($0.lengths, unit: .tokens) } ?? LengthHistogram(main.wordCounts, unit: .words)
        report.tokens = encoded.map { encoded in
            parts.training.reduce(0) { $0 + encoded.examples.length(of: $1) }
        }
        report.preview = main.preview
        self.report = report
        self.labels = labels.names
        let usable = report.isValid ? encoded?.examples : nil
        self.training = usable?.selecting(parts.training) ?? Examples()
        self.validation =
            (held == nil ? usable?.selecting(parts.validation) : usable.flatMap { _ in heldEncoded?.examples })
            ?? Examples()
    }

    private static func rows(
        of source: DataSource, _ mapping: RowMapping, _ findings: inout FindingList
    ) throws(DatasetError) -> [TextRow] {
        var rows: [TextRow] = []
        try DatasetReader(source: source, mapping: mapping).read(findings: &findings) { rows.append($0) }
        if rows.isEmpty, findings.errorCount == 0 {
            findings.append(
                Finding(
                    .error, reason: "the file has no rows",
                    fix: "write one row a line, for example {\"\(mapping.fields.text)\": \"…\", "
                        + "\"\(mapping.fields.label)\": \"…\"}"))
        }
        return rows
    }
}
