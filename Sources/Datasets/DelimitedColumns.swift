internal import FineTuning

/// Which columns of a CSV or TSV file hold the text and the label, as its header says.
struct DelimitedColumns {
    private let mapping: RowMapping
    private let names: [String]
    private let text: Int
    private let textPair: Int?
    private let label: Int

    /// Reads the header.
    init(header: DelimitedRecord, mapping: RowMapping, format: DataFormat) throws(RowFault) {
        let names = header.fields.map(\.trimmingWhiteSpace)
        func column(_ name: String, _ role: String) throws(RowFault) -> Int {
            let places = names.indices.filter { names[$0] == name }
            guard let place = places.first else {
                if names.count == 1 {
                    let separator = format == .tabSeparated ? "tabs" : "commas"
                    throw RowFault(
                        line: header.line, field: name, reason: "the header has one column only",
                        fix: "separate the columns by \(separator), and name them in the first line: "
                            + "\(mapping.fields.text), \(mapping.fields.label)")
                }
                throw mapping.missing(name, role, line: header.line, names: names)
            }
            guard places.count == 1 else {
                throw RowFault(
                    line: header.line, field: name, reason: "two columns are named \"\(name)\"", fix: "rename one")
            }
            return place
        }
        text = try column(mapping.fields.text, "text")
        label = try column(mapping.fields.label, "label")
        textPair =
            if mapping.fields.textPair != nil || names.contains(mapping.textPairName) {
                try column(mapping.textPairName, "text_pair")
            } else {
                nil
            }
        self.names = names
        self.mapping = mapping
    }

    /// The row of a record.
    func row(_ record: DelimitedRecord) throws(RowFault) -> TextRow {
        guard record.fields.count == names.count else {
            throw RowFault(
                line: record.line,
                reason: "the header has \(names.count) columns, this row has \(record.fields.count)",
                fix: "put fields that hold a separator into quotes, and fill up missing ones")
        }
        return try mapping.row(
            line: record.line, text: .text(record.fields[text]),
            textPair: textPair.map { .text(record.fields[$0]) } ?? .absent, label: .text(record.fields[label]),
            names: names)
    }
}
