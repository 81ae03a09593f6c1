internal import FineTuning
internal import Tokenizers

/// Takes the rows of one file as they come: numbers their labels, looks for copies, and writes their tokens.
///
/// Not safe to be used by two threads at once.
final class ExampleCollector {
    let shape: RowShape
    let fields: FieldNames
    private(set) var findings = FindingList()
    private(set) var rows = 0
    private(set) var lengths = LengthCounts()
    private(set) var preview: [PreviewRow] = []
    private(set) var labels: LabelNumbering
    private(set) var lines: [UInt32] = []
    /// The class of each row; of rows with several, or with tags, the one that was rarest when the row came, or -1.
    private(set) var classes: [Int32] = []
    private(set) var scores: [Float] = []
    private(set) var copies = CopyChecks()
    private(set) var tagging = TagChecks()
    /// The examples that each row gives, where long texts are divided.
    private(set) var pieces: [Int32] = []
    /// Rows without any label, of those that may have several.
    private(set) var unlabelled = 0

    private var encodingFaults = 0
    private var firstEncodingFault: RowFault?
    private var writer: ExampleWriter?

    /// The rows that are shown, and of each text so many characters.
    private static let preview = (rows: 10, characters: 500, words: 100)

    /// - Parameters:
    ///   - labels: the labels that are known beforehand.
    ///   - other: the rows of the training file, in which this one's must not be.
    ///   - writer: nil only checks.
    init(
        shape: RowShape, fields: FieldNames, labels: LabelSet?, other: ExampleCollector? = nil,
        writer: consuming ExampleWriter?
    ) {
        self.shape = shape
        self.fields = fields
        self.labels = LabelNumbering(known: labels)
        self.writer = writer
        copies.other = other?.copies.index
        copies.otherLines = other?.lines ?? []
    }

    /// Takes a fault in the place of a row.
    func take(_ fault: RowFault) {
        guard fault.kind == .encoding else { return findings.append(fault.finding) }
        encodingFaults += 1
        if firstEncodingFault == nil { firstEncodingFault = fault }
    }

    /// Takes a row.
    func take(_ encoded: RowEncoder.EncodedRow) throws(DatasetError) {
        let row = encoded.row
        guard let target = target(encoded) else { return }
        copies.check(encoded, class: classes.last, in: self)
        lines.append(UInt32(clamping: row.line))
        rows += 1
        lengths.add(encoded.length)
        if preview.count < Self.preview.rows { preview.append(shown(row)) }
        if shape.dividesTexts { pieces.append(Int32(encoded.examples.count)) }
        for example in encoded.examples {
            try writer?.append(example.sequences, target: target, line: row.line, snippet: example.snippet)
        }
    }

    /// The places among the examples of those that rows, ascending, gave.
    func examples(of rows: [Int]) -> [Int] {
        guard shape.dividesTexts else { return rows }
        var starts = [0]
        for count in pieces { starts.append(starts[starts.count - 1] + Int(count)) }
        return rows.flatMap { Array(starts[$0]..<starts[$0 + 1]) }
    }

    /// What a row teaches, in numbers; nil where it has an unknown label, which is reported.
    private func target(_ encoded: RowEncoder.EncodedRow) -> ExampleTarget? {
        let row = encoded.row
        switch row.answer {
        case .none: return ExampleTarget.none
        case .score(let score):
            scores.append(Float(score))
            return .score(Float(score))
        case .label(let label):
            guard let number = numbers([label], row, fields.label)?.first else { return nil }
            labels.count(number)
            classes.append(number)
            return .label(number)
        case .labels(let names):
            guard let numbers = numbers(names, row, fields.labels) else { return nil }
            numbers.forEach { labels.count($0) }
            if numbers.isEmpty { unlabelled += 1 }
            classes.append(rarest(numbers))
            return .labels(numbers)
        case .tags(let tags):
            guard let numbers = numbers(tags, row, fields.tags) else { return nil }
            numbers.forEach { labels.count($0) }
            classes.append(rarest(numbers))
            tagging.check(tags, line: row.line)
            return .tags(encoded.examples.first?.sequences.first.map { numbers.ofWords(in: $0) } ?? [])
        }
    }

    private func numbers(_ names: [String], _ row: Row, _ field: String) -> [Int32]? {
        var numbers: [Int32] = []
        numbers.reserveCapacity(names.count)
        for name in names {
            guard let number = labels.number(of: name) else {
                if let known = labels.known { findings.append(known.unknown(name, line: row.line, field: field)) }
                return nil
            }
            numbers.append(number)
        }
        return numbers
    }

    private func rarest(_ numbers: [Int32]) -> Int32 {
        numbers.min { (labels.counts[Int($0)], $0) < (labels.counts[Int($1)], $1) } ?? -1
    }

    private func shown(_ row: Row) -> PreviewRow {
        let texts: [String] =
            if case .words(let words) = row.content {
                [words.prefix(Self.preview.words).joined(separator: " ")]
            } else {
                row.texts.map { String($0.prefix(Self.preview.characters)) }
            }
        var shown = PreviewRow(line: row.line, text: texts[0])
        if texts.count > 1 { shown.textPair = texts[1] }
        if texts.count > 2 { shown.negative = texts[2] }
        switch row.answer {
        case .none: break
        case .label(let label): shown.label = label
        case .labels(let labels): shown.labels = labels
        case .score(let score): shown.score = score
        case .tags(let tags): shown.tags = Array(tags.prefix(Self.preview.words))
        }
        return shown
    }

    /// Ends the file: says what can be said only then.
    func finishFindings() {
        if let fault = firstEncodingFault {
            var finding = fault.finding
            if encodingFaults > 1 {
                finding.reason = "\(encodingFaults) lines are not UTF-8; the first: \(finding.reason)"
            }
            findings.append(finding)
        }
        if rows == 0, findings.errorCount == 0 {
            findings.append(
                Finding(
                    .error, reason: "the file has no rows",
                    fix: "write one row a line, for example \(shape.example(fields))"))
        }
    }

    func append(_ finding: Finding) { findings.append(finding) }

    /// The examples that were written, their classes renumbered and their scores scaled; none without a writer.
    func finish(renumbering: [Int32], scale: Float) throws(DatasetError) -> Examples {
        guard let writer = writer.take() else { return Examples() }
        return try writer.finish(renumbering: renumbering, scale: scale)
    }
}

extension [Int32] {
    /// The numbers of the words of which a token is there.
    fileprivate func ofWords(in sequence: TokenSequence) -> [Int32] {
        sequence.wordRanges.map { self[Int(sequence.words[$0.lowerBound])] }
    }
}
