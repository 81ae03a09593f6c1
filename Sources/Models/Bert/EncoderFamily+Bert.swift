extension EncoderFamily {
    /// BERT and MiniLM (Transformers' modeling_bert.py).
    public static let bert = EncoderFamily(
        modelType: "bert", prefix: "bert.",
        architectures: ArchitectureNames(
            base: "BertModel", sequenceClassification: "BertForSequenceClassification",
            tokenClassification: "BertForTokenClassification", maskedLanguageModel: "BertForMaskedLM"),
        defaults: Defaults(), fields: FieldNames(), layerPrefix: "encoder.layer.", layer: .bert,
        languageModel: LanguageModelNames(
            transform: "cls.predictions.transform.dense", norm: "cls.predictions.transform.LayerNorm",
            bias: "cls.predictions.bias", biasAliases: ["cls.predictions.decoder.bias"],
            decoderWeight: "cls.predictions.decoder.weight", activation: .network),
        sequenceForm: .pooler, usesTokenTypes: true, hasTokenTypes: true, positionsFollowPadding: false,
        dropsAttentionOutput: true)
}

extension EncoderFamily.LayerNames {
    /// The parts of `BertLayer`.
    static let bert = EncoderFamily.LayerNames(
        query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
        attentionOutput: "attention.output.dense", attentionNorm: "attention.output.LayerNorm",
        intermediate: "intermediate.dense", output: "output.dense", outputNorm: "output.LayerNorm")
}
