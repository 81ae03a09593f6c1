internal import FineTuning

/// Looks for rows that say the same as an earlier one, with the same answer or another, and for validation rows that
/// are trained on.
struct CopyChecks {
    private(set) var index = RowIndex()
    /// A hash of the answer of each row.
    private var answers: [UInt32] = []
    /// The rows of the training file, where this is the validation file.
    var other: RowIndex?
    var otherLines: [UInt32] = []

    private var repeated = Tally()
    private var shared = Tally()
    private var contradicting = Tally()

    /// How many rows there are of a kind, and the first of them.
    private struct Tally {
        var count = 0
        var line = 0
        var firstLine = 0

        mutating func add(line: Int, firstLine: Int) {
            if count == 0 { (self.line, self.firstLine) = (line, firstLine) }
            count += 1
        }

        /// The warning about these rows; nil where there are none.
        ///
        /// - Parameter reason: of their count and the earlier line that the first of them is like.
        func finding(_ fix: String, _ reason: (_ count: Int, _ firstLine: Int) -> String) -> Finding? {
            count > 0 ? Finding(.warning, line: line, reason: reason(count, firstLine), fix: fix) : nil
        }
    }

    /// Checks the next row; the collector does not count it yet.
    mutating func check(_ encoded: RowEncoder.EncodedRow, class number: Int32?, in collector: ExampleCollector) {
        let row = encoded.row
        if let other {
            if let first = other.first(encoded.key) { shared.add(line: row.line, firstLine: Int(otherLines[first])) }
            return
        }
        var hasher = Hasher()
        hasher.combine(row.answer)
        let answer = UInt32(truncatingIfNeeded: hasher.finalize())
        answers.append(answer)
        guard let first = index.add(encoded.key) else { return }
        let firstLine = Int(collector.lines[first])
        if answers[first] == answer {
            repeated.add(line: row.line, firstLine: firstLine)
        } else if case .label(let label) = row.answer {
            let earlier = collector.labels.names[Int(collector.classes[first])]
            collector.append(
                Finding(
                    .warning, line: row.line,
                    reason: "the same text has the label \"\(earlier.prefix(60))\" on line \(firstLine), "
                        + "and \"\(label.prefix(60))\" here",
                    fix: "decide for one of them"))
        } else {
            contradicting.add(line: row.line, firstLine: firstLine)
        }
    }

    /// The findings about the whole file.
    ///
    /// - Parameter rows: of this file.
    func findings(rows: Int, shape: RowShape) -> [Finding] {
        let answer =
            switch shape {
            case .scored: "another score"
            case .tagged: "other tags"
            default: "other labels"
            }
        return [
            contradicting.finding("decide for one of them") {
                "\($0 == 1 ? "1 row has" : "\($0) rows have") the text of an earlier one and \(answer); this is the first, "
                    + "see line \($1)"
            },
            repeated.finding("remove the copies, unless they shall weigh more") {
                "\($0 == 1 ? "1 row repeats" : "\($0) rows repeat") an earlier one; this is the first, of line \($1)"
            },
            shared.finding("remove them from one of the files: they make the model look better than it is") {
                "\($0) of \(rows) validation rows are in the training file too; this is the first, of line \($1)"
            },
        ].compactMap(\.self)
    }
}
