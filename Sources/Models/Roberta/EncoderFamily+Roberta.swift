extension EncoderFamily {
    /// RoBERTa (Transformers' modeling_roberta.py): BERT's layers, positions behind the padding token, no pooler in heads.
    public static let roberta = roberta(modelType: "roberta", className: "Roberta", vocabularySize: 50_265)

    /// XLM-RoBERTa (Transformers' modeling_xlm_roberta.py): RoBERTa over a vocabulary of a hundred languages.
    public static let xlmRoberta = roberta(modelType: "xlm-roberta", className: "XLMRoberta", vocabularySize: 30_522)

    private static func roberta(modelType: String, className: String, vocabularySize: Int) -> EncoderFamily {
        EncoderFamily(
            modelType: modelType, prefix: "roberta.",
            architectures: ArchitectureNames(
                base: className + "Model", sequenceClassification: className + "ForSequenceClassification",
                tokenClassification: className + "ForTokenClassification",
                maskedLanguageModel: className + "ForMaskedLM"),
            defaults: Defaults(vocabularySize: vocabularySize, paddingToken: 1), fields: FieldNames(),
            layerPrefix: "encoder.layer.", layer: .bert,
            languageModel: LanguageModelNames(
                transform: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias",
                biasAliases: ["lm_head.decoder.bias"], decoderWeight: "lm_head.decoder.weight", activation: .gelu),
            sequenceForm: .denseOutput, usesTokenTypes: false, hasTokenTypes: true, positionsFollowPadding: true,
            dropsAttentionOutput: true)
    }
}
