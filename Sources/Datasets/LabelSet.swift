internal import FineTuning
internal import JSON

/// The labels of a task in the order of the model's output.
struct LabelSet {
    let names: [String]
    private let numbers: [String: Int32]
    /// Whether the task gave them, or they were read off the training file.
    let isGiven: Bool

    /// The most labels that a task may have.
    static let limit = 10_000

    /// The labels that a task gives.
    init(given names: [String]) {
        self.init(names, isGiven: true)
    }

    /// The labels that the rows have: whole numbers by value where all are such, else by their UTF-8.
    init(inferredFrom rows: [TextRow]) {
        let distinct = Set(rows.map(\.label))
        let values = distinct.compactMap { label in Int(label).flatMap { String($0) == label ? $0 : nil } }
        if values.count == distinct.count {
            self.init(values.sorted().map(String.init), isGiven: false)
        } else {
            self.init(distinct.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, isGiven: false)
        }
    }

    private init(_ names: [String], isGiven: Bool) {
        self.names = names
        self.isGiven = isGiven
        numbers = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// The place of a label, or nil.
    func number(of label: String) -> Int32? { numbers[label] }

    /// The finding about a row whose label is not among these.
    func unknown(_ row: TextRow, field: String) -> Finding {
        let known = names.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        let meant = row.label.nearest(among: names).map { "did you mean \"\($0.prefix(60))\"? " }
        return Finding(
            .error, line: row.line, field: field,
            reason: "the label \"\(row.label.prefix(60))\" is not one of \(known)\(more)",
            fix: (meant ?? "") + "correct it, or add it to task.labels")
    }
}
