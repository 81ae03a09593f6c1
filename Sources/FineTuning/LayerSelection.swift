public import JSON

/// Which parameters of a model may change.
public enum LayerSelection: Sendable, Hashable, JSONRepresentable {
    /// Every parameter.
    case all
    /// Only the task's head.
    case head
    /// The head and the topmost N blocks of the trunk.
    case top(Int)
    /// Parameters whose name matches a pattern of `include` and none of `exclude`; the head always trains.
    /// `*` stands for any characters, `?` for one.
    case patterns(include: [String], exclude: [String])

    /// Reads `"all"`, `"head"`, `{"top": N}` or `{"include": […], "exclude": […]}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        self = try Self.selection(cursor)
    }

    private static func selection(_ cursor: JSONCursor) throws(JSONFault) -> LayerSelection {
        switch cursor.value {
        case .string("all"): return .all
        case .string("head"): return .head
        case .object:
            var fields = try cursor.fields()
            let top = try fields.optional("top")?.integer(in: 0...1000)
            let include = try patterns(fields.optional("include"))
            let exclude = try patterns(fields.optional("exclude"))
            try fields.finish()
            switch (top, include, exclude) {
            case (let top?, nil, nil): return .top(top)
            case (nil, let include, let exclude) where include != nil || exclude != nil:
                return .patterns(include: include ?? ["*"], exclude: exclude ?? [])
            default: throw cursor.fault("expected either \"top\" or \"include\" and \"exclude\"")
            }
        default:
            throw cursor.fault(
                "expected \"all\", \"head\", {\"top\": N} or {\"include\": [patterns], \"exclude\": [patterns]}")
        }
    }

    private static func patterns(_ cursor: JSONCursor?) throws(JSONFault) -> [String]? {
        guard let cursor else { return nil }
        var patterns: [String] = []
        for element in try cursor.elements() { patterns.append(try element.string()) }
        guard patterns.count <= 100 else { throw cursor.fault("at most 100 patterns") }
        return patterns
    }

    /// The selection as JSON.
    public var json: JSONValue {
        let strings = { (list: [String]) in JSONValue.array(list.map { .string($0) }) }
        return switch self {
        case .all: "all"
        case .head: "head"
        case .top(let count): ["top": JSONValue(count)]
        case .patterns(let include, let exclude): ["include": strings(include), "exclude": strings(exclude)]
        }
    }
}
