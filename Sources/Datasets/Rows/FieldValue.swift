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
            if let array = try Self.array(in: trimmed) { return try array.labels() }
            return trimmed.split(separator: trimmed.contains("|") ? "|" : ",").map { String($0).trimmingWhiteSpace }
                .filter { !$0.isEmpty }
        case .absent: throw mismatch("an array of strings", fix)
        }
    }

    /// A finite number.
    func number() throws(Mismatch) -> Double {
        switch self {
        case .json(.integer(let number)): return Double(number)
        case .json(.number(let number)): return try Self.inRange(number)
        case .json(.string(let text)), .column(let text):
            if let number = Double(text.trimmingWhiteSpace) { return try Self.inRange(number) }
            throw Mismatch(
                expected: "a number", found: "\"\(text.prefix(60))\"", fix: "write a number such as 0.5, with a point")
        default: throw mismatch("a number", "write a number such as 0.5")
        }
    }

    private static func inRange(_ number: Double) throws(Mismatch) -> Double {
        guard Float(number).isFinite else {
            throw Mismatch(
                expected: "a number of at most \(Float.greatestFiniteMagnitude)", found: "\(number)",
                fix: "write scores in a smaller unit")
        }
        return number
    }

    /// Words or tags: an array of strings; in a column, an array in JSON, or words between white space.
    func words() throws(Mismatch) -> [String] {
        switch self {
        case .json(.array(let values)):
            let words = values.compactMap(Self.label)
            guard words.count == values.count else { break }
            return words
        case .column(let text):
            if let array = try Self.array(in: text) { return try array.words() }
            return text.split(whereSeparator: \.isWhitespace).map(String.init)
        default: break
        }
        throw mismatch("an array of strings", "write [\"…\", \"…\"], a string for each word")
    }

    /// The array in JSON that a column's text is, or nil where it is meant otherwise: words may begin with a bracket too.
    private static func array(in text: String) throws(Mismatch) -> FieldValue? {
        guard text.first == "[" else { return nil }
        do {
            return .json(try JSONValue(parsing: Array(text.utf8)))
        } catch {
            guard text.hasPrefix("[\"") || text.hasPrefix("['") else { return nil }
            throw Mismatch(
                expected: "an array of strings",
                found: "a text that is no JSON: \(error.reason) at its byte \(error.offset + 1)",
                fix: "write [\"…\", \"…\"], with double quotes")
        }
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
