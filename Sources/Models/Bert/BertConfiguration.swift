public import JSON
public import Tensors

/// `config.json` of the BERT family (Transformers' `BertConfig`, with its defaults).
public struct BertConfiguration: Sendable, Hashable {
    /// Size of the vocabulary, V.
    public var vocabularySize = 30_522
    /// Width of the token vectors, H.
    public var hiddenSize = 768
    /// Number of encoder layers.
    public var layerCount = 12
    /// Number of attention heads, each H / heads wide.
    public var headCount = 12
    /// Width of the feed-forward layers, I.
    public var intermediateSize = 3_072
    /// Activation of the feed-forward layers.
    public var activation = Activation.gelu
    /// Dropout of embeddings and of the outputs of attention and feed-forward layers.
    public var hiddenDropout: Float = 0.1
    /// Dropout of attention probabilities.
    public var attentionDropout: Float = 0.1
    /// Dropout before the classifier; nil stands for ``hiddenDropout``.
    public var classifierDropout: Float?
    /// The longest sequence, in tokens.
    public var maximumPositions = 512
    /// The token that pads; its embedding is never trained, as in Transformers.
    public var paddingToken: Int? = 0
    /// Number of token types (segments).
    public var typeVocabularySize = 2
    /// Added to the variance in layer normalisation.
    public var layerNormEpsilon: Float = 1e-12
    /// Standard deviation of new weights.
    public var initializerRange: Float = 0.02
    /// Names of the labels by class number; empty when the file names none.
    public var labels: [String] = []
    /// The head; other than the default only in files written here.
    public var head = HeadConfiguration()
    /// The file as it was read, so that a copy keeps the fields that mean nothing here.
    public var source = JSONObject()

    /// The defaults of `BertConfig`.
    public init() {}
}
