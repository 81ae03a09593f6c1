public import JSON

/// The figures of an evaluation, in the order in which they are shown.
public struct MetricTable: Sendable, Hashable, JSONRepresentable, ExpressibleByDictionaryLiteral {
    /// A figure.
    public struct Entry: Sendable, Hashable {
        /// Its name.
        public var name: MetricName
        /// Its value; always finite.
        public var value: Double
    }

    /// The figures in order.
    public private(set) var entries: [Entry] = []

    /// A table without figures.
    public init() {}

    /// A table of these figures; those that are not finite (a correlation of equal answers) are left out.
    public init(_ entries: some Sequence<(MetricName, Double)>) {
        for (name, value) in entries { self[name] = value }
    }

    /// A table of these figures; those that are not finite are left out.
    public init(dictionaryLiteral elements: (MetricName, Double)...) { self.init(elements) }

    /// A figure; nil where the table has none. Setting a value that is not finite removes it.
    public subscript(name: MetricName) -> Double? {
        get { entries.first { $0.name == name }?.value }
        set {
            let value = newValue.flatMap { $0.isFinite ? $0 : nil }
            switch (entries.firstIndex { $0.name == name }, value) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append(Entry(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Reads `{name: value}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        guard let object = cursor.value.object else {
            throw cursor.fault("expected an object of numbers, got \(cursor.value.kind)", kind: .type)
        }
        for member in object.members {
            let path = "\(cursor.path).\(member.name.prefix(60))"
            let name: MetricName = try JSONCursor(.string(member.name), path: path).choice()
            self[name] = try JSONCursor(member.value, path: path).number()
        }
    }

    /// The table as JSON.
    public var json: JSONValue {
        .object(JSONObject(entries.map { ($0.name.rawValue, JSONValue($0.value)) }))
    }
}
