extension EncoderFamily {
    /// DistilBERT (Transformers' modeling_distilbert.py): no token types, no pooler, no dropout behind attention.
    public static let distilBert = EncoderFamily(
        modelType: "distilbert", prefix: "distilbert.",
        architectures: ArchitectureNames(
            base: "DistilBertModel", sequenceClassification: "DistilBertForSequenceClassification",
            tokenClassification: "DistilBertForTokenClassification", maskedLanguageModel: "DistilBertForMaskedLM"),
        defaults: Defaults(layerCount: 6, classifierDropout: 0.2),
        fields: FieldNames(
            hiddenSize: "dim", layerCount: "n_layers", headCount: "n_heads", intermediateSize: "hidden_dim",
            activation: "activation", hiddenDropout: "dropout", attentionDropout: "attention_dropout",
            classifierDropout: "seq_classif_dropout", typeVocabularySize: nil, layerNormEpsilon: nil),
        layerPrefix: "transformer.layer.",
        layer: LayerNames(
            query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin",
            attentionOutput: "attention.out_lin", attentionNorm: "sa_layer_norm", intermediate: "ffn.lin1",
            output: "ffn.lin2", outputNorm: "output_layer_norm"),
        languageModel: LanguageModelNames(
            transform: "vocab_transform", norm: "vocab_layer_norm", bias: "vocab_projector.bias", biasAliases: [],
            decoderWeight: "vocab_projector.weight", activation: .network),
        sequenceForm: .preClassifier, usesTokenTypes: false, hasTokenTypes: false, positionsFollowPadding: false,
        dropsAttentionOutput: false)
}
