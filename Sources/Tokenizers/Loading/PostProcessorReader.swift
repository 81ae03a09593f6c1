internal import JSON

/// Reads the member `post_processor`.
enum PostProcessorReader {
    private enum Kind: String, CaseIterable {
        case bert = "BertProcessing"
        case roberta = "RobertaProcessing"
        case template = "TemplateProcessing"
        case byteLevel = "ByteLevel"
        case sequence = "Sequence"
    }

    /// The most special tokens that a template may add.
    private static let addedLimit = 64

    /// The stages as one: of several that add tokens, the last counts.
    static func read(_ cursor: JSONCursor) throws -> PostProcessor {
        var whole = PostProcessor()
        for stage in try cursor.stages("processors", limit: 8) {
            let kind: Kind = try stage.stageType("post_processor")
            switch kind {
            case .bert: whole.adopt(try bertProcessing(stage))
            case .template: whole.adopt(try template(stage))
            case .roberta: whole.adopt(try roberta(stage))
            case .byteLevel: whole.trims += try trims(stage)
            case .sequence: break
            }
        }
        guard whole.addedCount(isPair: true) <= addedLimit, whole.addedCount(isPair: false) <= addedLimit else {
            throw cursor.fault("it adds more than \(addedLimit) tokens")
        }
        return whole
    }

    /// Reads `trim_offsets` and `add_prefix_space`.
    private static func trims(_ stage: JSONCursor) throws -> [OffsetTrimming] {
        var fields = try stage.fields()
        guard try fields.optional("trim_offsets")?.bool() ?? true else { return [] }
        return [OffsetTrimming(addsPrefixSpace: try fields.optional("add_prefix_space")?.bool() ?? true)]
    }

    private static func roberta(_ stage: JSONCursor) throws -> PostProcessor {
        let (classification, separator) = try edges(stage)
        var processor = PostProcessor.roberta(classification: classification, separator: separator)
        processor.trims = try trims(stage)
        return processor
    }

    private static func bertProcessing(_ stage: JSONCursor) throws -> PostProcessor {
        let (classification, separator) = try edges(stage)
        return .bert(classification: classification, separator: separator)
    }

    /// Reads `{"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}`.
    private static func edges(_ stage: JSONCursor) throws -> (classification: Int32, separator: Int32) {
        var fields = try stage.fields()
        func id(_ cursor: JSONCursor) throws -> Int32 {
            let pair = try cursor.elements()
            guard pair.count == 2 else { throw cursor.fault("expected a token and its number") }
            return Int32(try pair[1].integer(in: 0...(Vocabulary.idLimit - 1)))
        }
        return (try id(fields.required("cls")), try id(fields.required("sep")))
    }

    private static func template(_ stage: JSONCursor) throws -> PostProcessor {
        var fields = try stage.fields()
        let special = fields.optional("special_tokens")
        return PostProcessor(
            single: try parts(fields.required("single"), special, texts: ["A"]),
            pair: try parts(fields.required("pair"), special, texts: ["A", "B"]))
    }

    /// Reads a template: `[{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]`.
    private static func parts(
        _ template: JSONCursor, _ special: JSONCursor?, texts: [String]
    ) throws -> [PostProcessor.Part] {
        var parts: [PostProcessor.Part] = []
        var found: [String] = []
        for element in try template.elements() {
            guard parts.count <= addedLimit else { throw template.fault("it has more than \(addedLimit) parts") }
            var kinds = try element.fields()
            if let piece = kinds.optional("SpecialToken") {
                var fields = try piece.fields()
                let ids = try specialIDs(fields.required("id"), special)
                parts.append(.special(ids: ids, typeID: try typeID(fields.required("type_id"))))
            } else {
                var fields = try kinds.required("Sequence").fields()
                let name = try fields.required("id")
                let typeID = try typeID(fields.required("type_id"))
                found.append(try name.string())
                switch found.last {
                case "A": parts.append(.first(typeID: typeID))
                case "B": parts.append(.second(typeID: typeID))
                default: throw name.fault("expected \"A\" or \"B\"")
                }
            }
        }
        // A text that came twice would be longer than asked for.
        guard found.sorted() == texts else {
            throw template.fault("expected \(texts.joined(separator: " and ")) once, got \(found.prefix(8))")
        }
        return parts
    }

    private static func typeID(_ cursor: JSONCursor) throws -> Int32 {
        Int32(try cursor.integer(in: 0...255))
    }

    private static func specialIDs(_ name: JSONCursor, _ special: JSONCursor?) throws -> [Int32] {
        let token = try name.string()
        guard let special, let entry = special.value[token] else {
            throw name.fault("\"\(token)\" is not among special_tokens")
        }
        var fields = try JSONCursor(entry, path: "\(special.path).\(token)").fields()
        var ids: [Int32] = []
        for element in try fields.required("ids").elements() {
            guard ids.count < addedLimit else { throw element.fault("it adds more than \(addedLimit) tokens") }
            ids.append(Int32(try element.integer(in: 0...(Vocabulary.idLimit - 1))))
        }
        return ids
    }
}

extension PostProcessor {
    /// Takes the templates of another stage, and its trimming.
    fileprivate mutating func adopt(_ stage: PostProcessor) {
        (single, pair) = (stage.single, stage.pair)
        trims += stage.trims
    }
}
