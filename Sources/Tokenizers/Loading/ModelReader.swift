internal import JSON

/// Reads the member `model`.
enum ModelReader {
    private enum Kind: String, CaseIterable {
        case wordPiece = "WordPiece"
        case bytePairEncoding = "BPE"
        case unigram = "Unigram"
        case wordLevel = "WordLevel"
    }

    /// The longest words that a WordPiece model may cut, in scalars, so that a text's cost stays linear.
    private static let wordLengthLimit = 1000
    /// The longest token that is looked for at each place of a text, in bytes.
    private static let tokenLengthLimit = 1024

    /// The vocabulary, and the model over it.
    static func read(_ stage: JSONCursor) throws -> (Vocabulary, TokenModel) {
        switch try kind(of: stage) {
        case .wordPiece: try wordPiece(stage)
        case .bytePairEncoding: try bytePairEncoding(stage)
        case .unigram: try unigram(stage)
        case .wordLevel: try wordLevel(stage)
        }
    }

    /// Files of older versions leave the type out.
    private static func kind(of stage: JSONCursor) throws -> Kind {
        if stage.value["type"] != nil { return try stage.stageType("model") }
        if stage.value["merges"] != nil { return .bytePairEncoding }
        return stage.value["vocab"]?.array == nil ? .wordPiece : .unigram
    }

    private static func wordPiece(_ stage: JSONCursor) throws -> (Vocabulary, TokenModel) {
        var fields = try stage.fields()
        let unknown = try fields.optional("unk_token")?.string() ?? "[UNK]"
        let prefix = try fields.optional("continuing_subword_prefix")?.string() ?? "##"
        let longest = try fields.optional("max_input_chars_per_word")?.integer(in: 1...wordLengthLimit) ?? 100
        let vocabulary = try vocabulary(fields.required("vocab"))
        guard let unknownID = vocabulary.id(of: unknown) else { throw StageFault.missingToken(unknown) }
        return (
            vocabulary,
            .wordPiece(
                WordPiece(
                    trie: vocabulary.trie, prefix: prefix, unknownID: unknownID, maxInputScalarsPerWord: longest))
        )
    }

    private static func wordLevel(_ stage: JSONCursor) throws -> (Vocabulary, TokenModel) {
        var fields = try stage.fields()
        let unknown = try fields.optional("unk_token")?.string() ?? "<unk>"
        let vocabulary = try vocabulary(fields.required("vocab"))
        guard let unknownID = vocabulary.id(of: unknown) else { throw StageFault.missingToken(unknown) }
        return (vocabulary, .wordLevel(WordLevel(trie: vocabulary.trie, unknownID: unknownID)))
    }

    private static func bytePairEncoding(_ stage: JSONCursor) throws -> (Vocabulary, TokenModel) {
        var fields = try stage.fields()
        let vocabulary = try vocabulary(fields.required("vocab"))
        var options = BytePairEncoding.Options()
        if let unknown = try fields.optional("unk_token")?.string() {
            guard let id = vocabulary.id(of: unknown) else { throw StageFault.missingToken(unknown) }
            options.unknownID = id
        }
        options.continuingPrefix = Array(
            try fields.optional("continuing_subword_prefix")?.shortString().utf8 ?? "".utf8)
        options.endOfWordSuffix = Array(try fields.optional("end_of_word_suffix")?.shortString().utf8 ?? "".utf8)
        options.fusesUnknown = try fields.optional("fuse_unk")?.bool() ?? false
        options.fallsBackToBytes = try fields.optional("byte_fallback")?.bool() ?? false
        options.ignoresMerges = try fields.optional("ignore_merges")?.bool() ?? false
        let list = try fields.required("merges").elements()
        var merges = MergeList(prefixLength: options.continuingPrefix.count, count: list.count)
        for entry in list {
            let (left, right) = try pair(entry)
            guard merges.append(left, right, vocabulary) else {
                throw entry.fault(
                    "\"\(left.prefix(60))\", \"\(right.prefix(60))\" or the two together are not in the vocabulary")
            }
        }
        return (
            vocabulary,
            .bytePairEncoding(BytePairEncoding(trie: vocabulary.trie, merges: merges.table, options: options))
        )
    }

    /// A merge: `["a", "b"]`, or, in older files, `"a b"`.
    private static func pair(_ cursor: JSONCursor) throws -> (String, String) {
        if let text = cursor.value.string {
            guard let pair = MergeList.pair(of: text) else { throw cursor.fault("expected two tokens and a space") }
            return pair
        }
        let parts = try cursor.elements()
        guard parts.count == 2 else { throw cursor.fault("expected two tokens") }
        return (try parts[0].string(), try parts[1].string())
    }

    private static func unigram(_ stage: JSONCursor) throws -> (Vocabulary, TokenModel) {
        var fields = try stage.fields()
        let list = try fields.required("vocab").elements()
        guard !list.isEmpty, list.count <= Vocabulary.idLimit else {
            throw stage.fault("vocab has no tokens, or more than \(Vocabulary.idLimit)")
        }
        var vocabulary = Vocabulary()
        var scores: [Double] = []
        scores.reserveCapacity(list.count)
        for entry in list {
            let pair = try entry.elements()
            guard pair.count == 2 else { throw entry.fault("expected a token and its score") }
            let token = try pair[0].shortString(tokenLengthLimit)
            if !token.isEmpty { vocabulary.insert(token, id: Int32(scores.count)) }
            scores.append(try pair[1].number(in: -1e30...1e30))
        }
        let unknownID = try fields.required("unk_id").integer(in: 0...(list.count - 1))
        let fallsBack = try fields.optional("byte_fallback")?.bool() ?? false
        return (
            vocabulary,
            .unigram(
                Unigram(
                    trie: vocabulary.trie, scores: scores, unknownID: Int32(unknownID), fallsBackToBytes: fallsBack))
        )
    }

    /// Reads an object of tokens and their numbers.
    static func vocabulary(_ cursor: JSONCursor) throws -> Vocabulary {
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
}
