import HTTP
import Storage

/// Which page of a list is asked for: `after` and `limit`.
struct PageRequest {
    /// The last id of the page before.
    let after: String?
    /// How many objects.
    let limit: Int

    /// Reads the query.
    ///
    /// - Throws: 400 with the parameter's name where `limit` is no number from 1 to `most`.
    init(_ query: Query, limit standard: Int, most: Int) throws {
        after = try query.nonEmpty("after")
        limit = try query.integer("limit", in: 1...most) ?? standard
    }

    /// What `list` finds.
    ///
    /// - Throws: 400 where `after` names nothing: it is a parameter here, not a thing that was asked for.
    func checked<Result>(_ list: () async throws -> Result) async throws -> Result {
        do {
            return try await list()
        } catch StorageError.notFound(let kind, let id) where id == after {
            throw APIError.invalid("after", "no \(kind.rawValue) \"\(id.prefix(80))\"; begin again without it")
        }
    }
}

extension Query {
    /// The value of a parameter that is given at most once; nil where it is absent.
    ///
    /// - Throws: 400 with the parameter's name.
    func single(_ name: String) throws -> String? {
        let values = all(name)
        guard values.count <= 1 else {
            throw APIError.invalid(name, "expected one value, got \(values.count); give the parameter once")
        }
        return values.first
    }

    /// The value of a parameter that is given at most once; nil where it is absent or empty.
    ///
    /// - Throws: 400 with the parameter's name.
    func nonEmpty(_ name: String) throws -> String? {
        try single(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number within a range; nil where the parameter is absent.
    ///
    /// - Throws: 400 with the parameter's name.
    func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = try single(name) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            throw APIError.invalid(
                name,
                "expected a whole number from \(range.lowerBound) to \(range.upperBound), got \"\(text.prefix(40))\"")
        }
        return value
    }

    /// `true` or `false`; nil where the parameter is absent.
    func flag(_ name: String) throws -> Bool? {
        switch try single(name) {
        case nil: nil
        case "true": true
        case "false": false
        case let text?: throw APIError.invalid(name, "expected true or false, got \"\(text.prefix(40))\"")
        }
    }

    /// One of an enumeration's names; nil where the parameter is absent.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, of type: Choice.Type = Choice.self
    ) throws -> Choice? where Choice.RawValue == String {
        guard let text = try single(name) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let names = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw APIError.invalid(name, "\"\(text.prefix(40))\" is not known: expected one of \(names)")
    }
}
