internal import FineTuning

/// What the check of a job's files found.
struct DataSummary {
    var report = DataReport()
    /// What scores are multiplied by to lie within a cosine's range.
    let cosineScale: Float
    /// Rows of the training file by label, or words by tag, in the order of the output.
    let labelCounts: [Int]

    /// - Parameters:
    ///   - renumbering: the place in the output of each label as the training file's collector numbers it.
    ///   - maxLength: nil where lengths are in words.
    init(
        _ main: ExampleCollector, _ held: ExampleCollector?, labels: LabelSet, renumbering: [Int32], maxLength: Int?
    ) {
        let shape = main.shape
        let field = shape.answer.map { main.fields[$0] } ?? ""
        var counts = [Int](repeating: 0, count: labels.names.count)
        for (number, place) in renumbering.enumerated() { counts[Int(place)] = main.labels.counts[number] }
        labelCounts = counts

        var findings = main.findings
        if let held { findings.append(contentsOf: held.findings, about: "validation file") }
        var checks: [Finding] = []
        if main.labels.isOverfull {
            checks.append(LabelChecks.overfull(field: field))
        } else if shape.hasLabels {
            checks +=
                LabelChecks(
                    labels, counts: counts, rows: shape == .tagged ? counts.reduce(0, +) : main.rows,
                    severalAllowed: shape == .labelled(several: true), isTagged: shape == .tagged, field: field
                ).findings
        }
        if case .scored = shape { checks += ScoreChecks.findings(main.scores, lines: main.lines, field: field) }
        var scale: Float = 1
        if shape == .scored(pairs: true) {
            let (factor, finding) = ScoreChecks.cosineScale(main.scores, field: field)
            scale = factor
            if let finding { checks.append(finding) }
        }
        cosineScale = scale
        checks += main.tagging.findings(field: field)
        checks += main.copies.findings(rows: main.rows, shape: shape)
        checks += held?.copies.findings(rows: held?.rows ?? 0, shape: shape) ?? []
        if let maxLength {
            let pieces = shape.dividesTexts ? (main.pieces + (held?.pieces ?? [])).reduce(0) { $0 + Int($1) } : nil
            let lengths = main.lengths + (held?.lengths ?? LengthCounts())
            if let long = Self.longTexts(lengths, maxLength, pieces: pieces) { checks.append(long) }
        }
        for finding in checks { findings.append(finding) }

        report.rows = main.rows
        report.labels = zip(labels.names, counts).map { LabelCount(label: $0, count: $1) }
        report.entities = main.tagging.entities.map { LabelCount(label: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
        report.scores = ScoreHistogram(main.scores)
        report.errors = findings.errorCount
        report.warnings = findings.warningCount
        report.findings = findings.kept
        report.lengths = main.lengths.histogram(maxLength == nil ? .words : .tokens)
        report.preview = main.preview
    }

    /// Tells how many rows were cut, or divided.
    ///
    /// - Parameter pieces: the examples of all rows, where long ones are divided.
    private static func longTexts(_ lengths: LengthCounts, _ maxLength: Int, pieces: Int?) -> Finding? {
        let long = lengths.count(above: maxLength)
        guard long > 0 else { return nil }
        let rows = "\(long) of \(lengths.count(above: -1)) rows are longer than \(maxLength) tokens and are "
        let longest = "; the longest has \(lengths.longest)"
        guard let pieces else {
            return Finding(
                .warning, reason: rows + "cut" + longest,
                fix: "raise data.max_length, or shorten the texts, if what is cut matters")
        }
        return Finding(
            .warning, reason: rows + "divided, which makes \(pieces) examples in all" + longest,
            fix: "raise data.max_length, if more of a text should be read at once")
    }
}
