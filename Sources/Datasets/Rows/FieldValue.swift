internal import JSON

/// What a field of a row holds.
enum FieldValue {
    /// A field of a JSON object.
    case json(JSONValue)
    /// A column.
    case column(String)
    /// The field is absent, or null.
    case absent

    init(_ value: JSONValue?) {
        switch value {
        case nil, .null?: self = .absent
        case let value?: self = .json(value)
        }
    }

    /// Something else than what was expected.
    struct Mismatch: Error {
        let expected: String
        let found: String
        let fix: String
    }

    /// A text.
    func text() throws(Mismatch) -> String {
        switch self {
        case .json(.string(let text)), .column(let text): return text
        default: throw mismatch("a string", "write it as a string")
        }
    }

    /// A label: strings, whole numbers and truth values are labels.
    func label() throws(Mismatch) -> String {
        guard case .json(let value) = self else { return try text() }
        guard let label = Self.label(value) else {
            throw mismatch("a string, a whole number, true or false", "write it as a string")
        }
        return label
    }

    private static func label(_ value: JSONValue) -> String? {
        switch value {
        case .string(let label): label
        case .integer(let number): String(number)
        case .bool(let truth): truth ? "true" : "false"
        default: nil
        }
    }

    /// Labels: an array; in a column, an array in JSON, or labels with `|` between them, else with commas.
    func labels() throws(Mismatch) -> [String] {
        let fix = "write [\"…\", \"…\"], or [] where there are none"
        switch self {
        case .json(.array(let values)):
            let labels = values.compactMap(Self.label)
            guard labels.count == values.count else { throw mismatch("an array of strings", fix) }
            return labels
        case .json(let value):
            guard let label = Self.label(value) else { throw mismatch("an array of strings", fix) }
            return [label]
        case .column(let text):
            let trimmed = text.trimmingWhiteSpace
            if trimmed.first == "[", let value = try? JSONValue(parsing: Array(trimmed.utf8)) {
                return try FieldValue.json(value).labels()
            }
            return trimmed.split(separator: trimmed.contains("|") ? "|" : ",").map { String($0).trimmingWhiteSpace }
                .filter { !$0.isEmpty }
        case .absent: throw mismatch("an array of strings", fix)
        }
    }

    /// A finite number.
    func number() throws(Mismatch) -> Double {
        switch self {
        case .json(.integer(let number)): return Double(number)
        case .json(.number(let number)): return number
        case .json(.string(let text)), .column(let text):
            if let number = Double(text.trimmingWhiteSpace), number.isFinite { return number }
            throw Mismatch(
                expected: "a number", found: "\"\(text.prefix(60))\"", fix: "write a number such as 0.5, with a point")
        default: throw mismatch("a number", "write a number such as 0.5")
        }
    }

    /// Words or tags: an array of strings; in a column, an array in JSON, or words between white space.
    func words() throws(Mismatch) -> [String] {
        switch self {
        case .json(.array(let values)):
            let words = values.compactMap(Self.label)
            guard words.count == values.count else { break }
            return words
        case .column(let text):
            if text.first == "[", let value = try? JSONValue(parsing: Array(text.utf8)) {
                return try FieldValue.json(value).words()
            }
            return text.split(whereSeparator: \.isWhitespace).map(String.init)
        default: break
        }
        throw mismatch("an array of strings", "write [\"…\", \"…\"], a string for each word")
    }

    private func mismatch(_ expected: String, _ fix: String) -> Mismatch {
        Mismatch(expected: expected, found: kind, fix: fix)
    }

    private var kind: String {
        switch self {
        case .json(.number): "a number with a fraction"
        case .json(let value): value.kind
        case .column: "a text"
        case .absent: "nothing"
        }
    }
}
