internal import JSON

extension Tokenizer {
    /// Loads the tokenizer of a Hugging Face model directory: `tokenizer.json`, or `vocab.txt`, or
    /// `vocab.json` and `merges.txt`, with `tokenizer_config.json`.
    ///
    /// - Throws: ``TokenizerError``.
    public init(directory: String) throws(TokenizerError) {
        let json = directory + "/tokenizer.json"
        let text = directory + "/vocab.txt"
        if SourceFile.exists(json) {
            self = try TokenizerJSON(parsing: SourceFile.bytes(of: json), path: json).tokenizer()
        } else if SourceFile.exists(text) {
            let settingsPath = directory + "/tokenizer_config.json"
            self = try VocabularyText(parsing: SourceFile.bytes(of: text), path: text)
                .tokenizer(Self.settings(settingsPath), configurationPath: settingsPath)
        } else if SourceFile.exists(directory + "/vocab.json"), SourceFile.exists(directory + "/merges.txt") {
            self = try MergesText(directory: directory)
                .tokenizer(Self.settings(directory + "/tokenizer_config.json"))
        } else {
            throw .noTokenizer(directory: directory)
        }
    }

    /// Loads a tokenizer from the contents of a `tokenizer.json`.
    ///
    /// - Parameter name: what errors call it.
    /// - Throws: ``TokenizerError``.
    public init(tokenizerJSON: [UInt8], name: String = "tokenizer.json") throws(TokenizerError) {
        self = try TokenizerJSON(parsing: tokenizerJSON, path: name).tokenizer()
    }

    private static func settings(_ path: String) throws(TokenizerError) -> JSONValue? {
        guard SourceFile.exists(path) else { return nil }
        do {
            return try JSONValue(parsing: SourceFile.bytes(of: path))
        } catch let error as JSONSyntaxError {
            throw .malformed(path: path, fault: "it is not JSON: \(error)")
        } catch {
            throw error as? TokenizerError ?? .unreadable(path: path, reason: "\(error)")
        }
    }
}
