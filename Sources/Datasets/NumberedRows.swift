internal import FineTuning
internal import Tokenizers

/// The rows of a file whose labels are known, with the labels' numbers.
struct NumberedRows {
    private(set) var rows: [TextRow] = []
    /// Each row's place in the labels.
    private(set) var numbers: [Int32] = []
    /// Rows by label.
    private(set) var counts: [Int]

    /// Takes the rows with known labels, and reports the others.
    init(_ all: [TextRow], labels: LabelSet, field: String, findings: inout FindingList) {
        counts = [Int](repeating: 0, count: labels.names.count)
        rows.reserveCapacity(all.count)
        numbers.reserveCapacity(all.count)
        for row in all {
            guard let number = labels.number(of: row.label) else {
                findings.append(labels.unknown(row, field: field))
                continue
            }
            rows.append(row)
            numbers.append(number)
            counts[Int(number)] += 1
        }
    }

    /// The rows after a tokenizer.
    func encoded(by tokenizer: Tokenizer, maxLength: Int, threads: Int) -> EncodedRows {
        EncodedRows(rows, labels: numbers, tokenizer: tokenizer, maxLength: maxLength, threads: threads)
    }

    /// The first rows for people to look at, long texts cut.
    var preview: [PreviewRow] {
        rows.prefix(10).map { row in
            PreviewRow(
                line: row.line, text: String(row.text.prefix(500)),
                textPair: row.textPair.map { String($0.prefix(500)) },
                label: row.label)
        }
    }

    /// The number of words of each row.
    var wordCounts: [Int] {
        rows.map { row in
            [row.text, row.textPair ?? ""].reduce(0) { count, text in
                count + text.unicodeScalars.split { $0.properties.isWhitespace }.count
            }
        }
    }
}
