internal import FineTuning

/// CoNLL files: a word and its tag a line, the first and the last of its columns; an empty line ends a sentence.
///
/// Columns are separated by tabs where a line has one, else by spaces (CoNLL-2003). Lines of `-DOCSTART-`, and comments
/// (`# …` before a sentence, CoNLL-U) are passed over.
final class ConllRecordReader: RecordReader {
    private let lines: LineReader
    private var isDone = false
    /// Sentences longer than this many words are given up: an empty line is missing.
    static let wordLimit = 20_000

    init(_ lines: LineReader) { self.lines = lines }

    private struct Sentence {
        var start = 0
        var words: [String] = []
        var tags: [String] = []
        /// Bytes of its lines.
        var size = 0
        /// The first fault inside of it; the sentence is passed over.
        var fault: RowFault?

        var isEmpty: Bool { words.isEmpty && fault == nil }

        var step: RecordStep {
            fault.map { .fault($0) } ?? .record(Record(line: start, content: .sentence(words: words, tags: tags)))
        }
    }

    func next() throws(ReadingError) -> RecordStep? {
        var sentence = Sentence()
        while !isDone {
            switch try lines.next() {
            case .line(let line) where line.isBlank: if !sentence.isEmpty { return sentence.step }
            case .line(let line):
                take(line, &sentence)
                if sentence.words.count > Self.wordLimit || sentence.size > lines.limit {
                    isDone = true
                    return .fault(
                        RowFault(
                            line: sentence.start,
                            reason: "the sentence has more than \(Self.wordLimit) words or \(lines.limit) bytes; "
                                + "nothing behind it was read",
                            fix: "put an empty line between sentences"))
                }
            case .tooLong(let number):
                isDone = true
                return .fault(.tooLong(line: number, limit: lines.limit))
            case .end: isDone = true
            }
        }
        return sentence.isEmpty ? nil : sentence.step
    }

    private func take(_ line: SourceLine, _ sentence: inout Sentence) {
        guard sentence.fault == nil else { return }
        do throws(RowFault) {
            try line.checkUTF8()
            let separator: (UInt8) -> Bool =
                line.bytes.contains(0x09) ? { $0 == 0x09 } : { $0 == 0x20 }
            let columns = line.bytes.split(whereSeparator: separator).map { String(decoding: $0, as: UTF8.self) }
            guard let word = columns.first?.trimmingWhiteSpace, let tag = columns.last?.trimmingWhiteSpace else {
                return
            }
            if sentence.words.isEmpty {
                if word == "-DOCSTART-" || isComment(line, columns) { return }
                sentence.start = line.number
            }
            guard columns.count > 1, !word.isEmpty, !tag.isEmpty else {
                throw RowFault(
                    line: line.number, reason: "expected a word and its tag, got one column",
                    fix: "separate word and tag by a tab or a space; \"O\" is the tag of words outside of any entity")
            }
            sentence.size += line.bytes.count
            sentence.words.append(word)
            sentence.tags.append(tag)
        } catch {
            if sentence.words.isEmpty { sentence.start = line.number }
            sentence.fault = error
        }
    }

    /// `# …` whose last column is no tag.
    private func isComment(_ line: SourceLine, _ columns: [String]) -> Bool {
        guard line.bytes.first == UInt8(ascii: "#") else { return false }
        let last = columns[columns.count - 1]
        return !(last == "O" || (last.dropFirst().first == "-" && "BIESLU".contains(last.prefix(1))))
    }
}
