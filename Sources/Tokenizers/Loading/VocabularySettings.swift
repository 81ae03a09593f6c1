internal import JSON

/// What `tokenizer_config.json` says to a `vocab.txt`.
struct VocabularySettings {
    var normalizer = BertNormalizer()
    var unknown = "[UNK]"
    var separator = "[SEP]"
    var padding = "[PAD]"
    var classification = "[CLS]"
    var mask = "[MASK]"

    /// Reads `do_lower_case`, `strip_accents`, `tokenize_chinese_chars` and the special tokens' names.
    init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        normalizer.lowercase = try fields.optional("do_lower_case")?.bool() ?? true
        normalizer.stripAccents = try fields.optional("strip_accents")?.bool()
        normalizer.handleChineseCharacters = try fields.optional("tokenize_chinese_chars")?.bool() ?? true
        unknown = try Self.token(fields.optional("unk_token")) ?? unknown
        separator = try Self.token(fields.optional("sep_token")) ?? separator
        padding = try Self.token(fields.optional("pad_token")) ?? padding
        classification = try Self.token(fields.optional("cls_token")) ?? classification
        mask = try Self.token(fields.optional("mask_token")) ?? mask
    }

    /// A token as a string, or as `{"content": "[CLS]", …}`.
    private static func token(_ cursor: JSONCursor?) throws(JSONFault) -> String? {
        guard let cursor else { return nil }
        if cursor.value.object != nil {
            var fields = try cursor.fields()
            return try fields.required("content").string()
        }
        return try cursor.string()
    }
}
