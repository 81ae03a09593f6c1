/// A JSON value (RFC 8259). Objects keep the order of their members.
public enum JSONValue: Sendable, Hashable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)
}

extension JSONValue {
    /// A number that prints with the shortest digits that give back the same `Float`.
    public init(_ value: Float) {
        self = value.isFinite ? .number(Double("\(value)") ?? Double(value)) : .null
    }

    /// A number, or `null` where it is not finite (JSON has no such numbers).
    public init(_ value: Double) {
        self = value.isFinite ? .number(value) : .null
    }

    /// An integer.
    public init(_ value: Int) {
        self = .integer(Int64(value))
    }

    /// `null` for nil, else what `transform` makes of the value.
    public init<Wrapped>(_ optional: Wrapped?, _ transform: (Wrapped) -> JSONValue) {
        self = optional.map(transform) ?? .null
    }

    /// The string, if it is one.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The truth value, if it is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if it is a whole one that fits an `Int`.
    public var integer: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The number, if it is one.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The elements, if it is an array.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, if it is an object.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// How many values it consists of, with itself: a measure of the memory that it takes.
    public var size: Int {
        switch self {
        case .array(let elements): elements.reduce(1) { $0 + $1.size }
        case .object(let members): members.members.reduce(1) { $0 + $1.value.size }
        default: 1
        }
    }

    /// The member of that name, if this is an object that has it.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// Whether it is `null`.
    public var isNull: Bool { self == .null }

    /// What a person would call this kind of value: "a string", "an array" …
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "true or false"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// `null`
    public init(nilLiteral: ()) { self = .null }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// A string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// An object whose members keep the order given.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements))
    }
}
