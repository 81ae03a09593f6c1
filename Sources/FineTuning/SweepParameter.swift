internal import Foundation
public import JSON

/// A setting that a sweep varies, and the values that it takes.
public struct SweepParameter: Sendable, Hashable {
    /// How the values of a range are spread.
    public enum Scale: String, Sendable, Hashable, CaseIterable {
        /// Evenly.
        case linear
        /// Evenly in the logarithm.
        case log
    }

    /// The values.
    public enum Values: Sendable, Hashable {
        /// These, whatever they are.
        case list([JSONValue])
        /// Numbers from `min` to `max`; a grid takes `count` of them, both ends included.
        case range(min: Double, max: Double, scale: Scale, isInteger: Bool, count: Int?)
    }

    /// The place in a job's body: `strategy.learning_rate`.
    public var path: String
    /// What it takes.
    public var values: Values

    /// Parts of a job's body whose members can be varied. The files cannot: values of a metric over different
    /// examples do not compare.
    private static let roots = ["model", "seed", "hyperparameters", "method", "task", "layers", "strategy", "data"]

    /// Reads `[values]` or `{"min", "max", "scale", "integer", "count"}`.
    init(path: String, _ cursor: JSONCursor) throws(JSONFault) {
        let names = path.split(separator: ".", omittingEmptySubsequences: false)
        guard let root = names.first.map(String.init), names.allSatisfy({ !$0.isEmpty }), names.count <= 6,
            Self.roots.contains(root)
        else {
            let hint = Self.roots.map { "\"\($0)\"" }.joined(separator: ", ")
            throw cursor.fault("not the place of a setting: expected one such as strategy.learning_rate, below \(hint)")
        }
        self.path = path
        if cursor.value.array != nil {
            values = .list(try Self.list(cursor))
        } else {
            values = try Self.range(cursor)
        }
    }

    private static func list(_ cursor: JSONCursor) throws(JSONFault) -> [JSONValue] {
        let list = try cursor.elements().map(\.value)
        guard (1...Sweep.mostTrials).contains(list.count) else {
            throw cursor.fault("expected 1 to \(Sweep.mostTrials) values, got \(list.count)")
        }
        guard Set(list).count == list.count else { throw cursor.fault("a value stands twice") }
        return list
    }

    private static func range(_ cursor: JSONCursor) throws(JSONFault) -> Values {
        guard cursor.value.object != nil else {
            throw cursor.fault("expected an array of values, or {\"min\", \"max\", \"scale\"}")
        }
        var fields = try cursor.fields()
        let least = try fields.required("min").number()
        let greatest = fields.optional("max")
        let scale: Scale = try fields.optional("scale")?.choice() ?? .linear
        let isInteger = try fields.optional("integer")?.bool() ?? false
        let count = try fields.optional("count")?.integer(in: 2...Sweep.mostTrials)
        guard let greatest else { throw cursor.fault("\"max\" is required", kind: .missing) }
        let most = try greatest.number()
        try fields.finish()
        guard most > least else { throw greatest.fault("must be greater than \"min\"") }
        guard (most - least).isFinite else { throw cursor.fault("the range is too wide") }
        guard scale == .linear || least > 0 else { throw cursor.fault("a logarithmic scale needs a \"min\" above 0") }
        guard !isInteger || (least.magnitude < 1e15 && most.magnitude < 1e15) else {
            throw cursor.fault("whole numbers go up to 1e15")
        }
        return .range(min: least, max: most, scale: scale, isInteger: isInteger, count: count)
    }

    var json: JSONValue {
        switch values {
        case .list(let list): .array(list)
        case .range(let least, let most, let scale, let isInteger, let count):
            [
                "min": .number(least), "max": .number(most), "scale": .string(scale.rawValue),
                "integer": .bool(isInteger), "count": JSONValue(count) { JSONValue($0) },
            ]
        }
    }

    /// The values of a grid in order; nil for a range without a count.
    var grid: [JSONValue]? {
        switch values {
        case .list(let list): return list
        case .range(_, _, _, _, nil): return nil
        case .range(_, _, _, _, let count?):
            var seen: Set<JSONValue> = []
            return (0..<count).map { value(at: Double($0) / Double(count - 1)) }.filter { seen.insert($0).inserted }
        }
    }

    /// The value at a share of the way, 0 to 1.
    func value(at share: Double) -> JSONValue {
        switch values {
        case .list(let list): return list[min(list.count - 1, Int(share * Double(list.count)))]
        case .range(let least, let most, let scale, let isInteger, _):
            let number: Double =
                switch scale {
                case .linear: least + share * (most - least)
                case .log: least * pow(most / least, share)
                }
            let inside = min(max(number, least), most)
            return isInteger ? .integer(Int64(inside.rounded())) : .number(inside)
        }
    }
}
