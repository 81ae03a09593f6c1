internal import JSON

/// What a field of a row holds.
enum FieldValue {
    case text(String)
    /// Something that is not taken for a text: "a number", "an array".
    case other(kind: String)
    /// The field is absent, or null.
    case absent

    /// A text field's value.
    init(text value: JSONValue?) {
        switch value {
        case .string(let text)?: self = .text(text)
        case nil, .null?: self = .absent
        case let value?: self = .other(kind: value.kind)
        }
    }

    /// A label field's value: strings, whole numbers and truth values are labels.
    init(label value: JSONValue?) {
        switch value {
        case .string(let label)?: self = .text(label)
        case .integer(let number)?: self = .text(String(number))
        case .bool(let truth)?: self = .text(truth ? "true" : "false")
        case .number?: self = .other(kind: "a number with a fraction")
        case nil, .null?: self = .absent
        case let value?: self = .other(kind: value.kind)
        }
    }
}
