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
}
