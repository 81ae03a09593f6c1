public import JSON

/// Low-rank adapters (Hu et al. 2021), with the names and meanings of peft's `LoraConfig`.
public struct LoRASpecification: Sendable, Hashable, JSONRepresentable {
    /// Which linear layers get an adapter.
    public enum Targets: Sendable, Hashable {
        /// The query and value projections, as peft chooses for encoders.
        case auto
        /// Layers whose name, or the end of it, matches a pattern; `*` stands for any characters, `?` for one.
        case patterns([String])
    }

    /// The rank of the update.
    public var rank = 8
    /// The update is scaled by alpha / rank.
    public var alpha = 16.0
    /// Dropout probability before the adapter.
    public var dropout = 0.0
    /// Which layers.
    public var targets: Targets = .auto
    /// Scales by alpha / √rank instead (Kalajdzievski 2023).
    public var rankStabilized = false
    /// Trains the magnitudes of the weights' columns beside (Liu et al. 2024, DoRA).
    public var dora = false
    /// Whether checkpoints hold the merged model instead of adapters.
    public var merge = false

    /// The defaults.
    public init() {}

    /// Reads `{"rank", "alpha", "dropout", "targets", "rslora", "dora", "merge"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        rank = try fields.optional("rank")?.integer(in: 1...1024) ?? rank
        alpha = try fields.optional("alpha")?.number(in: 1e-3...1e5) ?? alpha
        dropout = try fields.optional("dropout")?.number(in: 0...0.95) ?? dropout
        if let targets = fields.optional("targets") { self.targets = try Self.targets(targets) }
        rankStabilized = try fields.optional("rslora")?.bool() ?? rankStabilized
        dora = try fields.optional("dora")?.bool() ?? dora
        merge = try fields.optional("merge")?.bool() ?? merge
        try fields.finish()
    }

    private static func targets(_ cursor: JSONCursor) throws(JSONFault) -> Targets {
        if cursor.value == "auto" { return .auto }
        guard cursor.value.array != nil else {
            throw cursor.fault("expected \"auto\" or an array of patterns such as [\"query\", \"value\"]")
        }
        var patterns: [String] = []
        for element in try cursor.elements() {
            let pattern = try element.string()
            guard !pattern.isEmpty else { throw element.fault("a pattern must not be empty") }
            patterns.append(pattern)
        }
        guard (1...100).contains(patterns.count) else { throw cursor.fault("expected 1 to 100 patterns") }
        return .patterns(patterns)
    }

    /// The specification as JSON.
    public var json: JSONValue {
        let targets: JSONValue =
            switch targets {
            case .auto: "auto"
            case .patterns(let patterns): .array(patterns.map { .string($0) })
            }
        return [
            "rank": JSONValue(rank), "alpha": .number(alpha), "dropout": .number(dropout), "targets": targets,
            "rslora": .bool(rankStabilized), "dora": .bool(dora), "merge": .bool(merge),
        ]
    }
}
