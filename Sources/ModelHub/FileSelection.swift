/// Which files of a repository a model consists of, as `transformers` and `sentence-transformers` read it.
enum FileSelection {
    /// Files that are taken where they are there.
    private static let named: Set = [
        "config.json", "generation_config.json", "model.safetensors.index.json", "tokenizer.json",
        "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.txt", "vocab.json",
        "merges.txt", "tokenizer.model", "preprocessor_config.json", "modules.json", "sentence_bert_config.json",
        "config_sentence_transformers.json", "1_Pooling/config.json", "README.md", "LICENSE", "LICENSE.txt",
    ]

    /// Files that describe the vocabulary; one of them is needed by a model of text.
    private static let vocabularies = ["tokenizer.json", "vocab.txt", "vocab.json", "tokenizer.model"]

    /// The files to take of those that are there.
    ///
    /// - Throws: ``PullError/incomplete(source:missing:)`` where there is no configuration, no weights as safetensors, or
    ///   neither a tokenizer nor a description of images.
    static func select(from files: [ModelFile], source: String) throws(PullError) -> [ModelFile] {
        let paths = Set(files.map(\.path))
        guard paths.contains("config.json") else { throw .incomplete(source: source, missing: "it has no config.json") }
        let weights = weights(paths)
        guard !weights.isEmpty else {
            let others = paths.filter { $0.hasSuffix(".bin") || $0.hasSuffix(".h5") || $0.hasSuffix(".gguf") }.sorted()
            let hint =
                others.isEmpty ? "" : "; it has \(others.prefix(3).joined(separator: ", ")), which is not read here"
            throw .incomplete(source: source, missing: "it has no weights as safetensors\(hint)")
        }
        guard (vocabularies + ["preprocessor_config.json"]).contains(where: paths.contains) else {
            throw .incomplete(
                source: source, missing: "it has no tokenizer (one of \(vocabularies.joined(separator: ", ")))")
        }
        return files.filter { named.contains($0.path) || weights.contains($0.path) }
            .sorted { ($0.bytes, $0.path) < ($1.bytes, $1.path) }
    }

    /// One file, or the shards that an index lists: `model-00001-of-00002.safetensors`.
    private static func weights(_ paths: Set<String>) -> Set<String> {
        if paths.contains("model.safetensors") { return ["model.safetensors"] }
        return paths.filter { path in
            path.hasPrefix("model-") && path.hasSuffix(".safetensors") && path.contains("-of-") && !path.contains("/")
        }
    }
}
