internal import FineTuning

/// What can be said of a file only when all its rows are known.
struct FileChecks {
    private(set) var findings: [Finding] = []

    /// Labels whose largest has so many times the examples of the smallest are told to be out of balance.
    private static let imbalance = 10

    /// Checks the labels, looks for rows that repeat, and for rows that both files have.
    mutating func check(_ training: NumberedRows, _ validation: NumberedRows?, _ labels: LabelSet, field: String) {
        guard !training.rows.isEmpty else { return }
        checkLabels(labels, counts: training.counts, rows: training.rows.count, field: field)
        checkDuplicates(training.rows)
        if let validation { checkOverlap(training: training.rows, validation: validation.rows) }
    }

    /// Checks how many examples each label has.
    mutating func checkLabels(_ labels: LabelSet, counts: [Int], rows: Int, field: String) {
        let present = counts.filter { $0 > 0 }.count
        if labels.names.count < 2 || present < 2 {
            let only = labels.names.enumerated().first { counts[$0.offset] > 0 }?.element ?? ""
            findings.append(
                Finding(
                    .error, field: field, reason: "all rows have the label \"\(only.prefix(60))\"",
                    fix: "give examples of at least 2 labels"))
            return
        }
        if labels.names.count > LabelSet.limit {
            findings.append(
                Finding(
                    .error, field: field,
                    reason: "there are \(labels.names.count) labels, more than \(LabelSet.limit)",
                    fix: "check that data.fields.label names the labels' field, not a text"))
        } else if !labels.isGiven, labels.names.count > 20, labels.names.count * 2 > rows {
            findings.append(
                Finding(
                    .warning, field: field, reason: "\(rows) rows have \(labels.names.count) different labels",
                    fix: "check that data.fields.label names the labels' field, not a text"))
        }
        warn(labels, where: counts.map { $0 == 0 }, field: field, "no example", "add some, or shorten task.labels")
        warn(labels, where: counts.map { $0 == 1 }, field: field, "one example only", "add more of them")
        checkBalance(labels, counts: counts, field: field)
    }

    private mutating func warn(
        _ labels: LabelSet, where isMeant: [Bool], field: String, _ state: String, _ fix: String
    ) {
        let names = zip(labels.names, isMeant).filter(\.1).map { "\"\($0.0.prefix(60))\"" }
        guard !names.isEmpty else { return }
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        findings.append(
            Finding(
                .warning, field: field, reason: "\(state) of the label\(names.count > 1 ? "s" : "") \(shown)", fix: fix)
        )
    }

    private mutating func checkBalance(_ labels: LabelSet, counts: [Int], field: String) {
        let pairs = zip(labels.names, counts).filter { $0.1 > 0 }
        guard let most = pairs.max(by: { $0.1 < $1.1 }), let least = pairs.min(by: { $0.1 < $1.1 }),
            most.1 >= least.1 * Self.imbalance
        else { return }
        findings.append(
            Finding(
                .warning, field: field,
                reason: "the labels are out of balance: \"\(most.0.prefix(60))\" has \(most.1) examples, "
                    + "\"\(least.0.prefix(60))\" has \(least.1)",
                fix: "add examples of the rare labels; look at macro F1 rather than accuracy"))
    }

    /// Looks for rows that say the same, with the same label or another.
    mutating func checkDuplicates(_ rows: [TextRow]) {
        var seen: [TextKey: TextRow] = [:]
        var repeated: [(row: TextRow, first: TextRow)] = []
        for row in rows {
            guard let first = seen.updateValue(row, forKey: TextKey(row)) else { continue }
            seen[TextKey(row)] = first
            if first.label == row.label {
                repeated.append((row, first))
            } else {
                findings.append(
                    Finding(
                        .warning, line: row.line,
                        reason: "the same text has the label \"\(first.label.prefix(60))\" on line \(first.line), "
                            + "and \"\(row.label.prefix(60))\" here",
                        fix: "decide for one of them"))
            }
        }
        if let (row, first) = repeated.first {
            findings.append(
                Finding(
                    .warning, line: row.line,
                    reason: "\(Self.rows(repeated.count)) an earlier one; this is the first, of line \(first.line)",
                    fix: "remove the copies, unless they shall weigh more"))
        }
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "1 row repeats" : "\(count) rows repeat" }

    /// Looks for validation rows that are in the training file too.
    mutating func checkOverlap(training: [TextRow], validation: [TextRow]) {
        var lines: [TextKey: Int] = [:]
        for row in training where lines[TextKey(row)] == nil { lines[TextKey(row)] = row.line }
        let shared = validation.filter { lines[TextKey($0)] != nil }
        guard let first = shared.first else { return }
        findings.append(
            Finding(
                .warning, line: first.line,
                reason: "\(shared.count) of \(validation.count) validation rows are in the training file too; this is "
                    + "the first, of line \(lines[TextKey(first)] ?? 0)",
                fix: "remove them from one of the files: they make the model look better than it is"))
    }

    /// Tells how many rows were cut.
    mutating func checkTruncation(lengths: [Int], maxLength: Int) {
        let cut = lengths.count { $0 > maxLength }
        guard cut > 0 else { return }
        findings.append(
            Finding(
                .warning,
                reason: "\(cut) of \(lengths.count) rows are longer than \(maxLength) tokens and are cut; the longest "
                    + "has \(lengths.max() ?? 0)",
                fix: "raise data.max_length, or shorten the texts, if what is cut matters"))
    }
}
