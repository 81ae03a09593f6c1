extension EncoderFamily {
    /// RoBERTa (Transformers' modeling_roberta.py): BERT's layers, positions behind the padding token, no pooler in heads.
    public static let roberta = EncoderFamily(
        modelType: "roberta", prefix: "roberta.",
        architectures: ArchitectureNames(
            base: "RobertaModel", sequenceClassification: "RobertaForSequenceClassification",
            tokenClassification: "RobertaForTokenClassification", maskedLanguageModel: "RobertaForMaskedLM"),
        defaults: Defaults(vocabularySize: 50_265, paddingToken: 1), fields: FieldNames(),
        layerPrefix: "encoder.layer.", layer: .bert,
        languageModel: LanguageModelNames(
            transform: "lm_head.dense", norm: "lm_head.layer_norm", bias: "lm_head.bias",
            biasAliases: ["lm_head.decoder.bias"], decoderWeight: "lm_head.decoder.weight", activation: .gelu),
        sequenceForm: .denseOutput, usesTokenTypes: false, hasTokenTypes: true, positionsFollowPadding: true,
        dropsAttentionOutput: true)
}
