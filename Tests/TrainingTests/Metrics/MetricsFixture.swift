import JSON
import Testing

/// Cases with what scikit-learn, SciPy and seqeval say about them.
enum MetricsFixture {
    static func cases(_ group: String) throws -> [JSONValue] {
        try #require(Fixture.json("metrics.json")[group]?.array)
    }

    static func numbers(_ value: JSONValue?) throws -> [Double] { try #require(value?.array).compactMap(\.number) }

    static func strings(_ value: JSONValue?) throws -> [[String]] {
        try #require(value?.array).map { try #require($0.array).compactMap(\.string) }
    }

    /// Whether a figure is that of the reference, to rounding.
    static func agrees(_ found: Double?, _ expected: JSONValue?, within tolerance: Double = 1e-9) -> Bool {
        guard let found, let expected = expected?.number else { return false }
        return abs(found - expected) <= tolerance * max(1, abs(expected))
    }
}
