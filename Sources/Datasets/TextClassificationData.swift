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
        let (known, numbers) = Self.number(rows, labels, data.fields.label, &findings)

        var held: [TextRow]?
        var heldNumbers: [Int32] = []
        if let validation {
            var own = FindingList()
            let all = try Self.rows(of: validation, mapping, &own)
            let (rows, numbers) = Self.number(all, labels, data.fields.label, &own)
            findings.append(contentsOf: own, about: "validation file")
            (held, heldNumbers) = (rows, numbers)
        }
        var report = DataReport()
        report.rows = known.count
        report.labels = Self.counts(numbers, labels.names.count).enumerated().map { label, count in
            LabelCount(label: labels.names[label], count: count)
        }
        report.preview = Self.preview(known)
        var checks = FileChecks()
        if !known.isEmpty {
            checks.checkLabels(
                labels, counts: report.labels.map(\.count), rows: known.count, field: data.fields.label)
            checks.checkDuplicates(known)
        }
        if let held { checks.checkOverlap(training: known, validation: held) }

        let encode = { (rows: [TextRow], numbers: [Int32]) in
            tokenizer.map {
                EncodedRows(rows, labels: numbers, tokenizer: $0, maxLength: data.maxLength, threads: threads)
            }
        }
        let encoded = encode(known, numbers)
        let heldEncoded = held.flatMap { encode($0, heldNumbers) }
        if let encoded {
            checks.checkTruncation(
                lengths: encoded.lengths + (heldEncoded?.lengths ?? []), maxLength: data.maxLength)
        }
        for finding in checks.findings { findings.append(finding) }
        report.lengths =
            encoded.flatMap { LengthHistogram($0.lengths, unit: .tokens) }
            ?? LengthHistogram(known.map(Self.wordCount), unit: .words)

        var parts = (training: Array(known.indices), validation: [Int]())
        if held == nil {
            parts = StratifiedSplit.split(
                labels: numbers, labelCount: labels.names.count, share: data.validationSplit, seed: seed)
        }
        report.validationRows = held?.count ?? parts.validation.count
        report.errors = findings.errorCount
        report.warnings = findings.warningCount
        report.findings = findings.kept
        if let encoded {
            report.tokens = parts.training.reduce(0) { $0 + encoded.examples.length(of: $1) }
        }
        self.labels = labels.names
        let isUsable = report.isValid
        self.training = isUsable ? encoded?.examples.selecting(parts.training) ?? Examples() : Examples()
        self.validation =
            isUsable ? heldEncoded?.examples ?? encoded?.examples.selecting(parts.validation) ?? Examples() : Examples()
        self.report = report
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

    /// The rows whose label is known, with its number; the others are reported.
    private static func number(
        _ rows: [TextRow], _ labels: LabelSet, _ field: String, _ findings: inout FindingList
    ) -> (rows: [TextRow], numbers: [Int32]) {
        var known: [TextRow] = []
        var numbers: [Int32] = []
        known.reserveCapacity(rows.count)
        numbers.reserveCapacity(rows.count)
        for row in rows {
            if let number = labels.number(of: row.label) {
                known.append(row)
                numbers.append(number)
            } else {
                findings.append(labels.unknown(row, field: field))
            }
        }
        return (known, numbers)
    }

    private static func counts(_ numbers: [Int32], _ labelCount: Int) -> [Int] {
        var counts = [Int](repeating: 0, count: labelCount)
        for number in numbers { counts[Int(number)] += 1 }
        return counts
    }

    /// The first rows, long texts cut.
    private static func preview(_ rows: [TextRow]) -> [PreviewRow] {
        rows.prefix(10).map { row in
            PreviewRow(
                line: row.line, text: String(row.text.prefix(500)),
                textPair: row.textPair.map { String($0.prefix(500)) },
                label: row.label)
        }
    }

    private static func wordCount(_ row: TextRow) -> Int {
        [row.text, row.textPair ?? ""].reduce(0) { count, text in
            count + text.unicodeScalars.split { $0.properties.isWhitespace }.count
        }
    }
}
