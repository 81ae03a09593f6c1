/// A row as it stands in a file, before anything is made of it.
struct Record: Sendable {
    /// What was cut out of the file.
    enum Content: Sendable {
        /// The text of a JSON value.
        case json([UInt8])
        /// A row of a CSV or TSV file.
        case columns(DelimitedRecord, DelimitedColumns)
        /// Words and as many tags.
        case sentence(words: [String], tags: [String])
        /// A line of plain text.
        case text([UInt8])
    }

    /// The line on which it begins, from 1.
    let line: Int
    let content: Content
}

/// What a file gives next: a record, or a fault in the place of one.
enum RecordStep: Sendable {
    case record(Record)
    case fault(RowFault)

    /// The bytes of a record's text.
    var size: Int {
        guard case .record(let record) = self else { return 0 }
        switch record.content {
        case .json(let bytes), .text(let bytes): return bytes.count
        case .columns(let columns, _): return columns.fields.reduce(0) { $0 + $1.utf8.count }
        case .sentence(let words, let tags): return (words + tags).reduce(0) { $0 + $1.utf8.count }
        }
    }
}
