/// Header fields in the order they were sent or added; names compare without case (RFC 9110 §5).
public struct Headers: Sendable, Hashable, ExpressibleByDictionaryLiteral, Sequence {
    /// One field line.
    public struct Field: Hashable, Sendable {
        /// The name as written.
        public let name: String
        /// The value without surrounding white space.
        public let value: String

        /// A field line that cannot forge another one.
        ///
        /// A name that is no token is a programmer's mistake. Octets that no value may hold (RFC 9110 §5.5: controls,
        /// above all CR, LF and NUL) become spaces, so that a text of a client's choosing stays inside its line.
        fileprivate init(_ name: String, _ value: String) {
            precondition(name.utf8.allSatisfy(\.isToken) && !name.isEmpty, "\"\(name)\" is no field name")
            self.name = name
            let isClean = value.utf8.allSatisfy(\.isFieldValue)
            self.value =
                isClean ? value : String(decoding: value.utf8.map { $0.isFieldValue ? $0 : 0x20 }, as: UTF8.self)
        }

        /// A field line whose octets the parser has held against the grammar.
        init(parsedName name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All fields in order.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// Fields from a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// How many field lines there are.
    public var count: Int { fields.count }

    /// The value of the first field of a name; setting replaces every field of that name, nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.areEqual($0.name, name) }?.value }
        set {
            fields.removeAll { Self.areEqual($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    /// The values of all fields of a name, in order.
    public func values(_ name: String) -> [String] {
        fields.filter { Self.areEqual($0.name, name) }.map(\.value)
    }

    /// Whether there is a field of a name.
    public func contains(_ name: String) -> Bool {
        fields.contains { Self.areEqual($0.name, name) }
    }

    /// Adds a field line; controls in its value become spaces (RFC 9110 §5.5).
    public mutating func append(_ name: String, _ value: String) { fields.append(Field(name, value)) }

    /// Adds a field line that the parser has already checked.
    mutating func append(parsed field: Field) { fields.append(field) }

    /// The fields in order.
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// Whether two names are the same but for the case of ASCII letters.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        let left = left.utf8
        let right = right.utf8
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
    }
}
