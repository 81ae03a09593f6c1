internal import JSON

/// Reads the member `pre_tokenizer`.
enum PreTokenizerReader {
    private enum Kind: String, CaseIterable {
        case bert = "BertPreTokenizer"
        case byteLevel = "ByteLevel"
        case metaspace = "Metaspace"
        case whitespace = "Whitespace"
        case whitespaceSplit = "WhitespaceSplit"
        case punctuation = "Punctuation"
        case digits = "Digits"
        case split = "Split"
        case delimiter = "CharDelimiterSplit"
        case sequence = "Sequence"
    }

    /// The most stages that write the text anew: each may make it a few times as long.
    private static let rewritingLimit = 4

    /// The stages, in order.
    static func read(_ cursor: JSONCursor) throws -> [PreTokenizer] {
        let stages = try cursor.stages("pretokenizers", limit: 16).compactMap(preTokenizer)
        guard stages.count(where: \.rewrites) <= rewritingLimit else {
            throw cursor.fault("more than \(rewritingLimit) of its stages write the text anew")
        }
        return stages
    }

    private static func preTokenizer(_ stage: JSONCursor) throws -> PreTokenizer? {
        let kind: Kind = try stage.stageType("pre_tokenizer")
        var fields = try stage.fields()
        switch kind {
        case .bert: return .bert
        case .byteLevel:
            return .byteLevel(
                ByteLevel(
                    addsPrefixSpace: try fields.optional("add_prefix_space")?.bool() ?? true,
                    usesPattern: try fields.optional("use_regex")?.bool() ?? true))
        case .metaspace: return .metaspace(try Metaspace(stage))
        case .whitespace: return .whitespace
        case .whitespaceSplit: return .whitespaceSplit
        case .punctuation: return .punctuation(try fields.optional("behavior")?.choice() ?? .isolated)
        case .digits: return .digits(areIndividual: try fields.optional("individual_digits")?.bool() ?? false)
        case .split:
            return .split(
                try fields.required("pattern").pattern(), try fields.required("behavior").choice(),
                isInverted: try fields.optional("invert")?.bool() ?? false)
        case .delimiter: return .delimiter(try fields.required("delimiter").scalar())
        case .sequence: return nil
        }
    }
}

extension Metaspace {
    /// Reads `replacement`, `prepend_scheme` or the older `add_prefix_space`, and `split`.
    init(_ stage: JSONCursor) throws {
        var fields = try stage.fields()
        if let sign = fields.optional("replacement") { replacement = Array(UTF8.encode(try sign.scalar())!) }
        if let scheme = fields.optional("prepend_scheme") {
            prependScheme = try scheme.choice()
        } else if let adds = fields.optional("add_prefix_space") {
            prependScheme = try adds.bool() ? .always : .never
        }
        splits = try fields.optional("split")?.bool() ?? true
    }
}
