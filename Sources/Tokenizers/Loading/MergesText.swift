internal import JSON

/// Reads `vocab.json` and `merges.txt` of GPT-2 and RoBERTa, with what `tokenizer_config.json` says about them.
///
/// Source: `GPT2Converter` and `RobertaConverter` of `transformers`.
struct MergesText {
    private let vocabularyPath: String
    private let configurationPath: String
    private let vocabulary: Vocabulary
    private let model: BytePairEncoding

    /// RoBERTa's special tokens, in their order.
    private static let robertaTokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]

    /// Reads both files of a directory.
    init(directory: String) throws(TokenizerError) {
        vocabularyPath = directory + "/vocab.json"
        configurationPath = directory + "/tokenizer_config.json"
        vocabulary = try Self.vocabulary(vocabularyPath)
        let merges = try Self.merges(directory + "/merges.txt", vocabulary)
        model = BytePairEncoding(trie: vocabulary.trie, merges: merges, options: BytePairEncoding.Options())
    }

    private static func vocabulary(_ path: String) throws(TokenizerError) -> Vocabulary {
        let bytes = try SourceFile.bytes(of: path)
        do {
            return try ModelReader.vocabulary(JSONCursor(JSONValue(parsing: bytes)))
        } catch {
            throw .malformed(path: path, fault: "\(error)")
        }
    }

    private static func merges(_ path: String, _ vocabulary: Vocabulary) throws(TokenizerError) -> MergeTable {
        guard let text = String(validating: try SourceFile.bytes(of: path), as: UTF8.self) else {
            throw .malformed(path: path, fault: "it is not UTF-8")
        }
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        var list = MergeList(prefixLength: 0, count: lines.count)
        for (number, bytes) in lines.enumerated() {
            let line = Substring(bytes.last == 0x0D ? bytes.dropLast() : bytes)
            if line.isEmpty || number == 0 && line.hasPrefix("#version") { continue }
            guard let (left, right) = MergeList.pair(of: line), list.append(left, right, vocabulary) else {
                throw .malformed(
                    path: path, fault: "line \(number + 1) is not two tokens that vocab.json has, alone and together")
            }
        }
        return list.table
    }

    /// The tokenizer; RoBERTa's where the vocabulary has `<s>` and `</s>`, GPT-2's elsewhere.
    ///
    /// - Parameter configuration: the contents of `tokenizer_config.json`, or nil where there is none.
    func tokenizer(_ configuration: JSONValue?) throws(TokenizerError) -> Tokenizer {
        let addsPrefixSpace: Bool
        do {
            var fields = try JSONCursor(configuration ?? [:]).fields()
            addsPrefixSpace = try fields.optional("add_prefix_space")?.bool() ?? false
        } catch {
            throw .malformed(path: configurationPath, fault: error.description)
        }
        var pipeline = Pipeline(vocabulary: vocabulary, model: .bytePairEncoding(model))
        pipeline.preTokenizers = [.byteLevel(ByteLevel(addsPrefixSpace: addsPrefixSpace))]
        pipeline.decoders = [.byteLevel]
        if let classification = vocabulary.id(of: "<s>"), let separator = vocabulary.id(of: "</s>") {
            pipeline.postProcessor = .roberta(classification: classification, separator: separator)
            pipeline.postProcessor.trims = [OffsetTrimming(addsPrefixSpace: addsPrefixSpace)]
            pipeline.addedTokens = special(Self.robertaTokens)
        } else {
            pipeline.addedTokens = special(["<|endoftext|>"])
        }
        return Tokenizer(pipeline)
    }

    private func special(_ names: [String]) -> [AddedToken] {
        names.compactMap { name in
            vocabulary.id(of: name).map {
                AddedToken(content: name, id: $0, stripsLeft: name == "<mask>", isSpecial: true)
            }
        }
    }
}
