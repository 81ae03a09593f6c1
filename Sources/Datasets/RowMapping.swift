internal import FineTuning
internal import JSON

/// Makes rows of named fields, and says what is wrong with the ones that are not rows.
struct RowMapping {
    /// The file's names of the fields.
    let fields: FieldNames

    /// The field of the second text: the one that was named, else `text_pair` where a row has it.
    var textPairName: String { fields.textPair ?? "text_pair" }

    /// A row of its fields.
    ///
    /// - Parameters:
    ///   - names: the fields that the row has, for the finding about one that it lacks.
    func row(
        line: Int, text: FieldValue, textPair: FieldValue, label: FieldValue, names: @autoclosure () -> [String]
    ) throws(RowFault) -> TextRow {
        let first = try take(text, fields.text, "text", line: line, names: names())
        var second: String?
        if case .absent = textPair, fields.textPair == nil {
            second = nil
        } else {
            second = try take(textPair, textPairName, "text_pair", line: line, names: names())
        }
        let answer = try take(label, fields.label, "label", line: line, names: names())
        return TextRow(line: line, text: first, textPair: second, label: answer.trimmingWhiteSpace)
    }

    private func take(
        _ value: FieldValue, _ name: String, _ role: String, line: Int, names: @autoclosure () -> [String]
    ) throws(RowFault) -> String {
        switch value {
        case .text(let text):
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw RowFault(
                    line: line, field: name, reason: "the \(name) is empty", fix: "fill it in, or remove the line")
            }
            return text
        case .other(let kind):
            let expected = role == "label" ? "a string, a whole number, true or false" : "a string"
            throw RowFault(
                line: line, field: name, reason: "expected \(expected), got \(kind)", fix: "write it as a string")
        case .absent: throw missing(name, role, line: line, names: names())
        }
    }

    /// The fault of a row or header that lacks a field, with the nearest of those that it has.
    func missing(_ name: String, _ role: String, line: Int, names: [String]) -> RowFault {
        let shown = names.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        let has = names.isEmpty ? "there are no fields" : "there are \(shown)"
        let others = Set([fields.text, fields.label, textPairName])
        let free = names.filter { !others.contains($0) }
        let fix =
            if let nearest = name.nearest(among: free) ?? (free.count == 1 ? free[0] : nil) {
                "rename \"\(nearest.prefix(60))\" to \"\(name)\", or set data.fields.\(role) to its name"
            } else {
                "add it, or set data.fields.\(role) to the name that the file uses"
            }
        return RowFault(line: line, field: name, reason: "the field \"\(name)\" is missing; \(has)", fix: fix)
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingWhiteSpace: String {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
