internal import FineTuning

/// Which columns of a CSV or TSV file hold which fields.
struct DelimitedColumns: Sendable {
    private let mapping: RowMapping
    /// The header, or the columns' places.
    private let names: [String]
    private let hasHeader: Bool
    private let places: [FieldRole: Int]

    /// Reads the header.
    ///
    /// - Throws: where a field is missing or stands twice.
    init(header: DelimitedRecord, mapping: RowMapping, separator: String) throws(RowFault) {
        let names = header.fields.map(\.trimmingWhiteSpace)
        let (fields, shape) = (mapping.fields, mapping.shape)
        var places: [FieldRole: Int] = [:]
        for role in shape.ordered {
            let name = fields[role]
            let found = names.indices.filter { names[$0] == name }
            guard let place = found.first else {
                guard shape.required.contains(role) || fields.demands(role) else { continue }
                if names.count == 1, shape.required.count > 1 {
                    let expected = shape.required.map { fields[$0] }.joined(separator: ", ")
                    throw RowFault(
                        line: header.line, field: name, reason: "the header has one column only",
                        fix: "separate the columns by \(separator), and name them in the first line: \(expected)")
                }
                throw mapping.missing(role, line: header.line, names: names)
            }
            guard found.count == 1 else {
                throw RowFault(
                    line: header.line, field: name, reason: "two columns are named \"\(name)\"", fix: "rename one")
            }
            places[role] = place
        }
        self.mapping = mapping
        self.names = names
        self.places = places
        hasHeader = true
    }

    /// Columns without names: fields whose name in `data.fields` is a whole number are at that place, from 0; the others
    /// are the task's fields in their order.
    ///
    /// - Throws: where there are more or fewer columns than the task has fields.
    init(columnsOf first: DelimitedRecord, mapping: RowMapping) throws(RowFault) {
        let (fields, shape) = (mapping.fields, mapping.shape)
        let count = first.fields.count
        var places: [FieldRole: Int] = [:]
        for role in shape.ordered {
            if let place = Int(fields[role]), (0..<count).contains(place) { places[role] = place }
        }
        let isNamed = shape.required.allSatisfy { places[$0] != nil }
        if !isNamed {
            guard let roles = shape.roles(ofColumns: count) else {
                let orders = shape.required.map(\.rawValue).joined(separator: ", ")
                throw RowFault(
                    line: first.line,
                    reason: "there is no header, and \(count) columns are not those of the task: \(orders)",
                    fix: "name the columns in the first line, or set data.fields.\(shape.required[0].rawValue) and "
                        + "the others to their places: \"0\", \"1\" …")
            }
            for (place, role) in roles.enumerated() { places[role] = place }
        }
        self.mapping = mapping
        self.places = places
        names = (0..<count).map(String.init)
        hasHeader = false
    }

    private struct Columns: RowMapping.Lookup {
        let columns: DelimitedColumns
        let record: DelimitedRecord

        func value(of role: FieldRole) -> FieldValue {
            guard let place = columns.places[role] else { return .absent }
            // A cell that may be empty and is means that the row has none.
            if role == .negative, record.fields[place].isEmpty { return .absent }
            return .column(record.fields[place])
        }
        var names: [String] { columns.names }
    }

    /// The row of a record.
    func row(_ record: DelimitedRecord) throws(RowFault) -> Row {
        guard record.fields.count == names.count else {
            throw RowFault(
                line: record.line,
                reason: "the \(hasHeader ? "header" : "first row") has \(names.count) columns, this row has "
                    + "\(record.fields.count)",
                fix: "put fields that hold a separator into quotes, and fill up missing ones")
        }
        return try mapping.row(line: record.line, Columns(columns: self, record: record))
    }
}
