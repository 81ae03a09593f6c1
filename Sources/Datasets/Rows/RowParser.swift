/// Makes rows of records.
struct RowParser: Sendable {
    private let mapping: RowMapping
    private let json: JSONRowParser

    /// - Parameter isLines: whether JSON objects are lines, else elements of an array.
    init(mapping: RowMapping, isLines: Bool) {
        self.mapping = mapping
        json = JSONRowParser(mapping: mapping, isLines: isLines)
    }

    /// The row that a record holds.
    func row(_ record: Record) throws(RowFault) -> Row {
        switch record.content {
        case .json(let bytes):
            try SourceLine.checkUTF8(bytes, line: record.line)
            return try json.row(line: record.line, bytes)
        case .columns(let fields, let columns): return try columns.row(fields)
        case .sentence(let words, let tags):
            guard mapping.shape == .tagged else { throw unsuited(record, "words and tags") }
            return try mapping.tagged(words, tags, line: record.line)
        case .text(let bytes):
            try SourceLine.checkUTF8(bytes, line: record.line)
            guard mapping.shape == .plain else { throw unsuited(record, "plain text") }
            return Row(
                line: record.line, content: .text(String(decoding: bytes, as: UTF8.self), pair: nil), answer: .none)
        }
    }

    private func unsuited(_ record: Record, _ what: String) -> RowFault {
        RowFault(
            line: record.line, reason: "the file holds \(what), which the task cannot learn from",
            fix: "write \(mapping.shape.example(mapping.fields)), or choose another task.type")
    }
}
