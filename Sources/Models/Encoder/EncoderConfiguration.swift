public import JSON
public import Tensors

/// `config.json` of a text encoder, of whichever family, with the family's defaults.
public struct EncoderConfiguration: Sendable, Hashable {
    /// Names and variants.
    public let family: EncoderFamily
    /// Size of the vocabulary, V.
    public var vocabularySize: Int
    /// Width of the token vectors, H.
    public var hiddenSize = 768
    /// Number of encoder layers.
    public var layerCount: Int
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
    /// Dropout before a classifier's output, as the file has it; nil stands for ``hiddenDropout``.
    public var classifierDropout: Float?
    /// Replaces the dropout that the family has before a head's output; nil leaves it.
    public var outputDropout: Float?
    /// Rows of the table of positions; see ``longestSequence``.
    public var maximumPositions = 512
    /// The token that pads; its embedding is never trained, as in Transformers.
    public var paddingToken: Int?
    /// Number of token types (segments); 1 where inputs tell none apart.
    public var typeVocabularySize = 2
    /// Added to the variance in layer normalisation.
    public var layerNormEpsilon: Float = 1e-12
    /// Standard deviation of new weights.
    public var initializerRange: Float = 0.02
    /// Whether a masked-language-model head decodes with the token embeddings; others have no support here.
    public var tiesWordEmbeddings = true
    /// Names of the labels by class number; empty when the file names none.
    public var labels: [String] = []
    /// `problem_type`; nil where the file has none.
    public var problem: ProblemType?
    /// The form of the file's head; other than the default only in files written here.
    public var headShape = HeadShape()
    /// The file as it was read, so that a copy keeps the fields that mean nothing here.
    public var source = JSONObject()

    /// The defaults of a family.
    public init(_ family: EncoderFamily = .bert) {
        self.family = family
        vocabularySize = family.defaults.vocabularySize
        layerCount = family.defaults.layerCount
        paddingToken = family.defaults.paddingToken
        classifierDropout = family.defaults.classifierDropout
    }

    /// The row of the table of positions that a sequence's first token has.
    var positionOffset: Int { family.positionsFollowPadding ? (paddingToken ?? 1) + 1 : 0 }

    /// The longest sequence that the model takes, in tokens.
    public var longestSequence: Int { max(1, maximumPositions - positionOffset) }

    /// The dropout before a head's output.
    ///
    /// DistilBERT's `seq_classif_dropout` means whole sequences only; its classifier for tokens has `dropout`.
    public func outputDropout(of head: HeadConfiguration) -> Float {
        if let outputDropout { return outputDropout }
        switch head {
        case .sequence: return classifierDropout ?? hiddenDropout
        case .token: return (family == .distilBert ? nil : classifierDropout) ?? hiddenDropout
        case .maskedLanguageModel, .embedding: return 0
        }
    }
}
