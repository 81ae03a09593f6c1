import JSON

/// Measurements as a table for people or as one line of JSON each.
struct Report {
    /// A row: names and values in the order of the columns.
    typealias Row = [(name: String, value: JSONValue)]

    let printsJSON: Bool
    private var rows: [Row] = []

    init(printsJSON: Bool) { self.printsJSON = printsJSON }

    /// Takes a row; as JSON it is printed at once.
    mutating func add(_ row: Row) {
        if printsJSON { print(JSONValue.object(JSONObject(row.map { ($0.name, $0.value) })).text) }
        rows.append(row)
    }

    /// Prints the table: a line for each row, or for a single row a line for each column.
    func printTable() {
        guard !printsJSON, let first = rows.first else { return }
        if rows.count == 1 {
            let width = first.map(\.name.count).max() ?? 0
            for (name, value) in first {
                print(name + String(repeating: " ", count: width + 2 - name.count) + Self.text(value))
            }
            return
        }
        let lines = [first.map(\.name)] + rows.map { row in row.map { Self.text($0.value) } }
        let widths = first.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        for line in lines {
            let cells = zip(line, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + space : space + cell.0
            }
            print(cells.joined(separator: "  "))
        }
    }

    /// A number with so many digits after the point.
    static func rounded(_ value: Double, _ digits: Int) -> JSONValue {
        guard value.isFinite else { return .null }
        let factor = (0..<digits).reduce(1.0) { factor, _ in factor * 10 }
        return JSONValue((value * factor).rounded() / factor)
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null: "-"
        default: value.text
        }
    }
}
