/// The members of a JSON object in their order. Names are unique.
public struct JSONObject: Sendable {
    /// A member: its name and its value.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public let name: String
        /// The member's value.
        public var value: JSONValue
    }

    /// The members in order.
    public private(set) var members: [Member] = []
    /// Positions by name; kept only for large objects, where a linear search would cost.
    private var positions: [ExactName: Int] = [:]
    private static let indexedFrom = 12

    /// An object without members.
    public init() {}

    /// An object of these members; of a name given twice the last value counts.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        for (name, value) in members { self[name] = value }
    }

    /// The number of members.
    public var count: Int { members.count }
    /// Whether it has no members.
    public var isEmpty: Bool { members.isEmpty }
    /// The names in order.
    public var names: [String] { members.map(\.name) }

    /// The member of that name; setting nil removes it.
    ///
    /// - Complexity: O(1) to read; removing is O(n).
    public subscript(name: String) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): _ = append(name, value)
            case (let position?, nil):
                members.remove(at: position)
                rebuildPositions()
            case (nil, nil): break
            }
        }
    }

    /// Adds a member behind the others; false (and no change) if the name is taken.
    mutating func append(_ name: String, _ value: JSONValue) -> Bool {
        guard position(of: name) == nil else { return false }
        members.append(Member(name: name, value: value))
        if members.count > Self.indexedFrom {
            positions[ExactName(name: name)] = members.count - 1
        } else if members.count == Self.indexedFrom {
            rebuildPositions()
        }
        return true
    }

    private func position(of name: String) -> Int? {
        members.count < Self.indexedFrom
            ? members.firstIndex { ExactName(name: $0.name) == ExactName(name: name) }
            : positions[ExactName(name: name)]
    }

    /// A name compared code unit by code unit (RFC 8259, section 8.3); Swift's `==` also equates é with e and an accent.
    private struct ExactName: Hashable {
        let name: String

        static func == (left: ExactName, right: ExactName) -> Bool {
            // Most names differ in their length already, which a string knows.
            left.name.utf8.count == right.name.utf8.count && left.name.utf8.elementsEqual(right.name.utf8)
        }

        func hash(into hasher: inout Hasher) {
            var name = name
            name.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    private mutating func rebuildPositions() {
        positions = [:]
        guard members.count >= Self.indexedFrom else { return }
        for (position, member) in members.enumerated() { positions[ExactName(name: member.name)] = position }
    }
}

extension JSONObject: Hashable {
    /// Whether both have the same members in the same order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool { left.members == right.members }
    /// Feeds the members, in order, into the hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(members) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object whose members keep the order given.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
