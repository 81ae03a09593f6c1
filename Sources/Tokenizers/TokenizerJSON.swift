internal import JSON

/// Reads `tokenizer.json`, the file of the Python package `tokenizers`.
struct TokenizerJSON {
    private let path: String
    private let document: JSONCursor

    /// The most special tokens that a template may add.
    private static let addedLimit = 64
    /// The longest added token, in bytes: it is looked for at each place of a text.
    private static let addedLengthLimit = 1024
    /// The longest words that a model may cut, in scalars, so that a text's cost stays linear.
    private static let wordLengthLimit = 1000

    /// Parses the file's JSON.
    ///
    /// - Parameter path: what errors call it.
    init(parsing bytes: [UInt8], path: String) throws(TokenizerError) {
        self.path = path
        do {
            document = JSONCursor(try JSONValue(parsing: bytes))
        } catch {
            throw .malformed(path: path, fault: "it is not JSON: \(error)")
        }
    }

    /// The tokenizer that the file describes.
    ///
    /// - Throws: ``TokenizerError``; a stage that is not known is named.
    func tokenizer() throws(TokenizerError) -> Tokenizer {
        var root = try read { () throws(JSONFault) in try document.fields() }
        let normalizer = try normalizer(root.optional("normalizer"))
        let preTokenizer = try preTokenizer(root.optional("pre_tokenizer"))
        let modelFields = try read { () throws(JSONFault) in try root.required("model") }
        let (vocabulary, model) = try model(modelFields)
        let added = try addedTokens(root.optional("added_tokens"), vocabulary)
        let postProcessor = try postProcessor(root.optional("post_processor"))
        return Tokenizer(
            vocabulary: vocabulary, addedTokens: added, normalizer: normalizer, preTokenizer: preTokenizer,
            model: model, postProcessor: postProcessor)
    }

    /// Runs a reader and puts the path before its fault.
    private func read<Value>(_ body: () throws(JSONFault) -> Value) throws(TokenizerError) -> Value {
        do {
            return try body()
        } catch {
            throw .malformed(path: path, fault: error.description)
        }
    }

    private func type(
        of stage: JSONCursor, _ component: String, supported: [String]
    ) throws(TokenizerError) -> String {
        let type = try read { () throws(JSONFault) in
            var fields = try stage.fields()
            return try fields.required("type").string()
        }
        guard supported.contains(type) else {
            throw .unsupported(path: path, component: component, type: type, supported: supported)
        }
        return type
    }

    private func normalizer(_ stage: JSONCursor?) throws(TokenizerError) -> BertNormalizer? {
        guard let stage else { return nil }
        _ = try type(of: stage, "normalizer", supported: ["BertNormalizer"])
        return try read { () throws(JSONFault) in
            var fields = try stage.fields()
            return BertNormalizer(
                cleanText: try fields.optional("clean_text")?.bool() ?? true,
                handleChineseCharacters: try fields.optional("handle_chinese_chars")?.bool() ?? true,
                stripAccents: try fields.optional("strip_accents")?.bool(),
                lowercase: try fields.optional("lowercase")?.bool() ?? true)
        }
    }

    private func preTokenizer(_ stage: JSONCursor?) throws(TokenizerError) -> BertPreTokenizer {
        guard let stage else {
            throw .unsupported(
                path: path, component: "pre_tokenizer", type: "null", supported: ["BertPreTokenizer"])
        }
        _ = try type(of: stage, "pre_tokenizer", supported: ["BertPreTokenizer"])
        return BertPreTokenizer()
    }

    private func model(_ stage: JSONCursor) throws(TokenizerError) -> (Vocabulary, WordPiece) {
        // Files of older versions leave the model's type out.
        if stage.value["type"] != nil { _ = try type(of: stage, "model", supported: ["WordPiece"]) }
        let (unknown, prefix, longest, vocabulary) = try read { () throws(JSONFault) in
            var fields = try stage.fields()
            return (
                try fields.optional("unk_token")?.string() ?? "[UNK]",
                try fields.optional("continuing_subword_prefix")?.string() ?? "##",
                try fields.optional("max_input_chars_per_word")?.integer(in: 1...Self.wordLengthLimit) ?? 100,
                try Self.vocabulary(fields.required("vocab"))
            )
        }
        guard let unknownID = vocabulary.id(of: unknown) else { throw .missingToken(path: path, token: unknown) }
        let model = WordPiece(
            trie: vocabulary.trie, prefix: prefix, unknownID: unknownID, maxInputScalarsPerWord: longest)
        return (vocabulary, model)
    }

    private static func vocabulary(_ cursor: JSONCursor) throws(JSONFault) -> Vocabulary {
        guard let members = cursor.value.object?.members else {
            throw cursor.fault("expected an object, got \(cursor.value.kind)", kind: .type)
        }
        var vocabulary = Vocabulary()
        for member in members {
            guard case .integer(let id) = member.value, id >= 0, id < Vocabulary.idLimit else {
                throw cursor.fault(
                    "the number of \"\(member.name.prefix(60))\" is not a whole number from 0 to \(Vocabulary.idLimit)")
            }
            // A token without text is matched by nothing.
            if !member.name.isEmpty { vocabulary.insert(member.name, id: Int32(id)) }
        }
        return vocabulary
    }

    private func addedTokens(
        _ list: JSONCursor?, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> [AddedToken] {
        try read { () throws(JSONFault) in
            var tokens: [AddedToken] = []
            for element in try list?.elements() ?? [] {
                var fields = try element.fields()
                let content = try fields.required("content").string()
                guard content.utf8.count <= Self.addedLengthLimit else {
                    throw element.fault("the token is longer than \(Self.addedLengthLimit) bytes")
                }
                let given = Int32(try fields.required("id").integer(in: 0...(Vocabulary.idLimit - 1)))
                let special = try fields.optional("special")?.bool() ?? false
                tokens.append(
                    AddedToken(
                        content: content, id: vocabulary.id(of: content) ?? given,
                        singleWord: try fields.optional("single_word")?.bool() ?? false,
                        stripsLeft: try fields.optional("lstrip")?.bool() ?? false,
                        stripsRight: try fields.optional("rstrip")?.bool() ?? false,
                        isNormalized: try fields.optional("normalized")?.bool() ?? !special,
                        isSpecial: special))
            }
            return tokens
        }
    }

    private func postProcessor(_ stage: JSONCursor?) throws(TokenizerError) -> PostProcessor {
        guard let stage else { return .none }
        let type = try type(of: stage, "post_processor", supported: ["BertProcessing", "TemplateProcessing"])
        let processor = try read { () throws(JSONFault) in
            type == "BertProcessing" ? try Self.bertProcessing(stage) : try Self.template(stage)
        }
        guard processor.addedCount(isPair: true) <= Self.addedLimit,
            processor.addedCount(isPair: false) <= Self.addedLimit
        else { throw .malformed(path: path, fault: "post_processor adds more than \(Self.addedLimit) tokens") }
        return processor
    }

    /// Reads `{"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}`.
    private static func bertProcessing(_ stage: JSONCursor) throws(JSONFault) -> PostProcessor {
        var fields = try stage.fields()
        func id(_ cursor: JSONCursor) throws(JSONFault) -> Int32 {
            let pair = try cursor.elements()
            guard pair.count == 2 else { throw cursor.fault("expected a token and its number") }
            return Int32(try pair[1].integer(in: 0...(Vocabulary.idLimit - 1)))
        }
        return .bert(classification: try id(fields.required("cls")), separator: try id(fields.required("sep")))
    }

    private static func template(_ stage: JSONCursor) throws(JSONFault) -> PostProcessor {
        var fields = try stage.fields()
        let special = fields.optional("special_tokens")
        return PostProcessor(
            single: try parts(fields.required("single"), special), pair: try parts(fields.required("pair"), special))
    }

    /// Reads a template: `[{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]`.
    private static func parts(
        _ template: JSONCursor, _ special: JSONCursor?
    ) throws(JSONFault) -> [PostProcessor.Part] {
        var parts: [PostProcessor.Part] = []
        for element in try template.elements() {
            var kinds = try element.fields()
            if let piece = kinds.optional("SpecialToken") {
                var fields = try piece.fields()
                let ids = try specialIDs(fields.required("id"), special)
                parts.append(.special(ids: ids, typeID: try typeID(fields.required("type_id"))))
            } else {
                var fields = try kinds.required("Sequence").fields()
                let name = try fields.required("id")
                let typeID = try typeID(fields.required("type_id"))
                switch try name.string() {
                case "A": parts.append(.first(typeID: typeID))
                case "B": parts.append(.second(typeID: typeID))
                default: throw name.fault("expected \"A\" or \"B\"")
                }
            }
        }
        return parts
    }

    private static func typeID(_ cursor: JSONCursor) throws(JSONFault) -> Int32 {
        Int32(try cursor.integer(in: 0...255))
    }

    private static func specialIDs(_ name: JSONCursor, _ special: JSONCursor?) throws(JSONFault) -> [Int32] {
        let token = try name.string()
        guard let special, let entry = special.value[token] else {
            throw name.fault("\"\(token)\" is not among special_tokens")
        }
        var fields = try JSONCursor(entry, path: "\(special.path).\(token)").fields()
        var ids: [Int32] = []
        for element in try fields.required("ids").elements() {
            ids.append(Int32(try element.integer(in: 0...(Vocabulary.idLimit - 1))))
        }
        return ids
    }
}
