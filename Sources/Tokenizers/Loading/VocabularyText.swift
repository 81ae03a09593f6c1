internal import JSON

/// Reads `vocab.txt`, one WordPiece token a line, with what `tokenizer_config.json` says about it.
///
/// Source: `BertTokenizer` of `transformers`.
struct VocabularyText {
    private let path: String
    private let vocabulary: Vocabulary

    /// Reads the lines; a line's number, from 0, is the token's.
    ///
    /// - Parameter path: what errors call it.
    init(parsing bytes: [UInt8], path: String) throws(TokenizerError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformed(path: path, fault: "it is not UTF-8")
        }
        var vocabulary = Vocabulary()
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count <= Vocabulary.idLimit else {
            throw .malformed(path: path, fault: "it has more than \(Vocabulary.idLimit) lines")
        }
        for (number, line) in lines.enumerated() {
            let token = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            if !token.isEmpty { vocabulary.insert(String(Substring(token)), id: Int32(number)) }
        }
        self.path = path
        self.vocabulary = vocabulary
    }

    /// The tokenizer of these tokens.
    ///
    /// - Parameter configuration: the contents of `tokenizer_config.json`, or nil where there is none.
    func tokenizer(_ configuration: JSONValue?, configurationPath: String) throws(TokenizerError) -> Tokenizer {
        let settings: VocabularySettings
        do {
            settings = try VocabularySettings(JSONCursor(configuration ?? [:]))
        } catch {
            throw .malformed(path: configurationPath, fault: error.description)
        }
        func id(_ token: String) throws(TokenizerError) -> Int32 {
            guard let id = vocabulary.id(of: token) else { throw .missingToken(path: path, token: token) }
            return id
        }
        let unknownID = try id(settings.unknown)
        let processor = PostProcessor.bert(
            classification: try id(settings.classification), separator: try id(settings.separator))
        let names = [
            settings.padding, settings.unknown, settings.classification, settings.separator, settings.mask,
        ]
        let added = names.compactMap { name in
            vocabulary.id(of: name).map { AddedToken(content: name, id: $0, isSpecial: true) }
        }
        let model = WordPiece(
            trie: vocabulary.trie, prefix: "##", unknownID: unknownID, maxInputScalarsPerWord: 100)
        var pipeline = Pipeline(vocabulary: vocabulary, model: .wordPiece(model))
        pipeline.addedTokens = added
        pipeline.normalizers = [.bert(settings.normalizer)]
        pipeline.preTokenizers = [.bert]
        pipeline.postProcessor = processor
        pipeline.decoders = [.wordPiece(WordPieceDecoder())]
        return Tokenizer(pipeline)
    }
}
