/// A value in a JSON document together with its path, for readers that must say where a fault is.
public struct JSONCursor: Sendable {
    /// The value.
    public let value: JSONValue
    /// Its place: `strategy.learning_rate`; empty for the whole document.
    public let path: String

    /// The root of a document, or a value at a known path.
    public init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    /// A fault at this place.
    public func fault(_ message: String, kind: JSONFault.Kind = .value) -> JSONFault {
        JSONFault(kind, path: path, message)
    }

    private func mismatch(_ expected: String) -> JSONFault {
        fault("expected \(expected), got \(value.kind)", kind: .type)
    }

    /// The value as a string.
    public func string() throws(JSONFault) -> String {
        guard let string = value.string else { throw mismatch("a string") }
        return string
    }

    /// The value as true or false.
    public func bool() throws(JSONFault) -> Bool {
        guard let bool = value.bool else { throw mismatch("true or false") }
        return bool
    }

    /// The value as a whole number within a range.
    public func integer(in range: ClosedRange<Int> = Int.min...Int.max) throws(JSONFault) -> Int {
        guard value.number != nil else { throw mismatch("a whole number") }
        guard let integer = value.integer else { throw fault("expected a whole number, got \(value.text)") }
        guard range.contains(integer) else {
            throw fault("\(integer) is out of range: expected \(Self.describe(range, Int.min, Int.max))")
        }
        return integer
    }

    /// The value as a number within a range.
    public func number(
        in range: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    ) throws(JSONFault) -> Double {
        guard let number = value.number else { throw mismatch("a number") }
        let all = Double.greatestFiniteMagnitude
        guard range.contains(number) else {
            throw fault("\(value.text) is out of range: expected \(Self.describe(range, -all, all))")
        }
        return number
    }

    /// The value as one of an enumeration's names.
    public func choice<Choice: RawRepresentable & CaseIterable>(
        _ type: Choice.Type = Choice.self
    ) throws(JSONFault) -> Choice where Choice.RawValue == String {
        let name = try string()
        guard let choice = Choice(rawValue: name) else {
            let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw fault("\"\(name)\" is not known: expected one of \(names)")
        }
        return choice
    }

    /// The value's elements, each with its path.
    public func elements() throws(JSONFault) -> [JSONCursor] {
        guard let array = value.array else { throw mismatch("an array") }
        return array.enumerated().map { JSONCursor($1, path: "\(path)[\($0)]") }
    }

    /// The value's members, to be taken by name.
    public func fields() throws(JSONFault) -> JSONFields {
        guard let object = value.object else { throw mismatch("an object") }
        return JSONFields(object, path: path)
    }

    private static func describe<Bound>(_ range: ClosedRange<Bound>, _ lowest: Bound, _ highest: Bound) -> String {
        switch (range.lowerBound == lowest, range.upperBound == highest) {
        case (true, true): "any number"
        case (true, false): "at most \(range.upperBound)"
        case (false, true): "at least \(range.lowerBound)"
        case (false, false): "\(range.lowerBound) to \(range.upperBound)"
        }
    }
}
