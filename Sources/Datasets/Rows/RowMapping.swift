internal import FineTuning
internal import JSON

/// Makes rows of named fields, and says what is wrong with the ones that are not rows.
struct RowMapping: Sendable {
    /// The file's names of the fields.
    let fields: FieldNames
    /// What a row holds.
    let shape: RowShape

    /// The fields of a record.
    protocol Lookup {
        /// The value of a field.
        func value(of role: FieldRole) -> FieldValue
        /// The names of all fields, for the finding about one that is missing.
        var names: [String] { get }
    }

    /// A row of its fields.
    func row(line: Int, _ record: some Lookup) throws(RowFault) -> Row {
        let reader = Reader(mapping: self, line: line, record: record)
        switch shape {
        case .labelled(let several):
            let content = try reader.content(pairIsNeeded: false)
            let answer = several ? Row.Answer.labels(try reader.labels()) : .label(try reader.label())
            return Row(line: line, content: content, answer: answer)
        case .scored(let pairs):
            let content = try reader.content(pairIsNeeded: pairs)
            let score = try reader.get(.score) { value throws(FieldValue.Mismatch) in try value.number() }
            guard pairs, case .text(let text, let pair?) = content else {
                return Row(line: line, content: content, answer: .score(score))
            }
            return Row(line: line, content: .apart([text, pair]), answer: .score(score))
        case .tagged: return try reader.tagged()
        case .plain: return Row(line: line, content: .text(try reader.text(.text), pair: nil), answer: .none)
        case .anchored:
            var texts = [try reader.text(.anchor), try reader.text(.positive)]
            if case .absent = record.value(of: .negative) {} else { texts.append(try reader.text(.negative)) }
            return Row(line: line, content: .apart(texts), answer: .none)
        }
    }

    /// The fault of a row or header that lacks a field, with the nearest of those that it has.
    func missing(_ role: FieldRole, line: Int, names: [String]) -> RowFault {
        let name = fields[role]
        let shown = names.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
        let has = names.isEmpty ? "there are no fields" : "there are \(shown)"
        let others = Set(shape.ordered.map { fields[$0] })
        let free = names.filter { !others.contains($0) }
        let fix =
            if let nearest = name.nearest(among: free) ?? (free.count == 1 ? free[0] : nil) {
                "rename \"\(nearest.prefix(60))\" to \"\(name)\", or set data.fields.\(role.rawValue) to its name"
            } else {
                "add it, or set data.fields.\(role.rawValue) to the name that the file uses"
            }
        return RowFault(line: line, field: name, reason: "the field \"\(name)\" is missing; \(has)", fix: fix)
    }
}

extension RowMapping {
    /// Takes the fields of one record.
    private struct Reader<Record: Lookup> {
        let mapping: RowMapping
        let line: Int
        let record: Record

        func get<Value>(
            _ role: FieldRole, _ take: (FieldValue) throws(FieldValue.Mismatch) -> Value
        ) throws(RowFault) -> Value {
            let value = record.value(of: role)
            if case .absent = value { throw mapping.missing(role, line: line, names: record.names) }
            do throws(FieldValue.Mismatch) {
                return try take(value)
            } catch {
                throw RowFault(
                    line: line, field: mapping.fields[role], reason: "expected \(error.expected), got \(error.found)",
                    fix: error.fix)
            }
        }

        func text(_ role: FieldRole) throws(RowFault) -> String {
            let text = try get(role) { value throws(FieldValue.Mismatch) in try value.text() }
            guard text.contains(where: { !$0.isWhitespace }) else { throw empty(role) }
            return text
        }

        func content(pairIsNeeded: Bool) throws(RowFault) -> Row.Content {
            let first = try text(.text)
            if case .absent = record.value(of: .textPair), !pairIsNeeded, !mapping.fields.demands(.textPair) {
                return .text(first, pair: nil)
            }
            return .text(first, pair: try text(.textPair))
        }

        func label() throws(RowFault) -> String {
            let label = try get(.label) { value throws(FieldValue.Mismatch) in try value.label() }.trimmingWhiteSpace
            guard !label.isEmpty else { throw empty(.label) }
            return label
        }

        func labels() throws(RowFault) -> [String] {
            let labels = try get(.labels) { value throws(FieldValue.Mismatch) in try value.labels() }
            var seen: Set<String> = []
            let distinct = labels.map(\.trimmingWhiteSpace).filter { seen.insert($0).inserted }
            guard !seen.contains("") else { throw empty(.labels) }
            return distinct
        }

        func tagged() throws(RowFault) -> Row {
            let words = try get(.tokens) { value throws(FieldValue.Mismatch) in try value.words() }
            let tags = try get(.tags) { value throws(FieldValue.Mismatch) in try value.words() }
            guard words.count == tags.count else {
                throw RowFault(
                    line: line, field: mapping.fields.tags,
                    reason: "there are \(words.count) words and \(tags.count) tags", fix: "give each word one tag")
            }
            return try mapping.tagged(words, tags, line: line)
        }

        private func empty(_ role: FieldRole) -> RowFault {
            let name = mapping.fields[role]
            return RowFault(
                line: line, field: name, reason: "the \(name) is empty", fix: "fill it in, or remove the line")
        }
    }

    /// A row of words and as many tags.
    func tagged(_ words: [String], _ tags: [String], line: Int) throws(RowFault) -> Row {
        let tags = tags.map(\.trimmingWhiteSpace)
        guard words.contains(where: { $0.contains { !$0.isWhitespace } }) else {
            throw RowFault(
                line: line, field: fields.tokens, reason: "there are no words", fix: "fill them in, or remove the line")
        }
        if let place = tags.firstIndex(of: "") {
            throw RowFault(
                line: line, field: fields.tags, reason: "the tag of word \(place + 1) is empty",
                fix: "give it one; \"O\" is the tag of words outside of any entity")
        }
        return Row(line: line, content: .words(words), answer: .tags(tags))
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingWhiteSpace: String {
        guard let first = utf8.first, let last = utf8.last, first <= 0x20 || last <= 0x20 || first > 0x7F || last > 0x7F
        else { return self }
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[start...end])
    }
}
