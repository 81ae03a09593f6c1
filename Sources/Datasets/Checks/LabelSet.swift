internal import FineTuning
internal import JSON

/// The labels, or tags, of a task in the order of the model's output.
struct LabelSet: Sendable {
    let names: [String]
    private let numbers: [String: Int32]
    /// Whether the task gave them, or they were read off the training file.
    let isGiven: Bool

    /// The most labels that a task may have.
    static let limit = 10_000

    init(_ names: [String], isGiven: Bool) {
        self.names = names
        self.isGiven = isGiven
        numbers = Dictionary(names.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Labels that were read off a file, in order: whole numbers by value where all are such, else by their UTF-8.
    static func sorted(_ labels: [String]) -> [String] {
        let values = labels.compactMap { label in Int(label).flatMap { String($0) == label ? $0 : nil } }
        if values.count == labels.count { return values.sorted().map(String.init) }
        return labels.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Tags that were read off a file, in order: `O` first, then by type, the beginning of each before its inside.
    static func sortedTags(_ tags: [String]) -> [String] {
        let order = { (tag: Tag) in Array("BIESLU").firstIndex { $0 == tag.position } ?? 0 }
        return sorted(tags).map { (name: $0, tag: Tag($0)) }.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if (first.name == "O") != (second.name == "O") { return first.name == "O" }
            // Tags that mark no positions keep the order of labels.
            guard first.tag.position != nil, second.tag.position != nil else { return left.offset < right.offset }
            if first.tag.type != second.tag.type {
                return first.tag.type.utf8.lexicographicallyPrecedes(second.tag.type.utf8)
            }
            return order(first.tag) < order(second.tag)
        }.map(\.element.name)
    }

    /// The place of a label, or nil.
    func number(of label: String) -> Int32? { numbers[label] }

    /// The finding about a row whose label is not among these.
    func unknown(_ label: String, line: Int, field: String) -> Finding {
        let known = names.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        let more = names.count > 8 ? " and \(names.count - 8) more" : ""
        let meant = label.nearest(among: names).map { "did you mean \"\($0.prefix(60))\"? " }
        return Finding(
            .error, line: line, field: field,
            reason: "the label \"\(label.prefix(60))\" is not one of \(known)\(more)",
            fix: (meant ?? "") + "correct it, or add it to task.labels")
    }
}
