internal import Tensors

/// What tells one family of text encoders from another: names and variants, as data.
///
/// All families share one network (embeddings, layers of attention and feed-forward with normalisation behind the
/// residual); what differs are the names of parameters and of fields in `config.json`, and the few switches here.
public struct EncoderFamily: Sendable, Hashable, CustomStringConvertible {
    /// `model_type` in `config.json`.
    public let modelType: String
    /// What stands before a trunk's parameter names in files with a head (`bert.`).
    let prefix: String
    /// Names of Transformers' classes (`BertForSequenceClassification`).
    let architectures: ArchitectureNames
    /// What a configuration has where the file is silent.
    let defaults: Defaults
    /// The names of fields in `config.json`.
    let fields: FieldNames
    /// What stands before a layer's number in parameter names (`encoder.layer.`).
    let layerPrefix: String
    /// The names of a layer's parts.
    let layer: LayerNames
    /// The names of the parts of the masked-language-model head.
    let languageModel: LanguageModelNames
    /// The form of the head for whole sequences.
    let sequenceForm: SequenceForm
    /// Whether inputs tell token types apart.
    let usesTokenTypes: Bool
    /// Whether the file has a table of token types, used or not.
    let hasTokenTypes: Bool
    /// Whether positions are counted from the padding token's number + 1 instead of 0.
    let positionsFollowPadding: Bool
    /// Whether the output of attention is dropped out before its residual.
    let dropsAttentionOutput: Bool

    /// `model_type`.
    public var description: String { modelType }

    /// All families.
    public static let all: [EncoderFamily] = [.bert, .roberta, .xlmRoberta, .distilBert]

    /// Names of Transformers' classes.
    struct ArchitectureNames: Sendable, Hashable {
        let base: String
        let sequenceClassification: String
        let tokenClassification: String
        let maskedLanguageModel: String
    }

    /// Defaults that differ between families.
    struct Defaults: Sendable, Hashable {
        var vocabularySize = 30_522
        var layerCount = 12
        var paddingToken = 0
        var classifierDropout: Float?
    }

    /// Names of fields in `config.json`; nil where the family has no such field.
    struct FieldNames: Sendable, Hashable {
        var hiddenSize = "hidden_size"
        var layerCount = "num_hidden_layers"
        var headCount = "num_attention_heads"
        var intermediateSize = "intermediate_size"
        var activation = "hidden_act"
        var hiddenDropout = "hidden_dropout_prob"
        var attentionDropout = "attention_probs_dropout_prob"
        var classifierDropout = "classifier_dropout"
        var typeVocabularySize: String? = "type_vocab_size"
        var layerNormEpsilon: String? = "layer_norm_eps"
    }

    /// Names of the parts of a layer, behind its prefix and number.
    struct LayerNames: Sendable, Hashable {
        let query: String
        let key: String
        let value: String
        let attentionOutput: String
        let attentionNorm: String
        let intermediate: String
        let output: String
        let outputNorm: String

        /// Every linear layer, in the order of the slab.
        var linears: [String] { [query, key, value, attentionOutput, intermediate, output] }
    }

    /// Names of the parts of the masked-language-model head. The decoder's weight is that of the token embeddings.
    struct LanguageModelNames: Sendable, Hashable {
        let transform: String
        let norm: String
        /// The decoder's bias, (V).
        let bias: String
        /// Further names under which files have it.
        let biasAliases: [String]
        /// Names under which files repeat the tied weight.
        let decoderWeight: String
        /// The transform's activation where it is not that of the network.
        let activation: LanguageModelActivation
    }

    /// Which activation the masked-language-model head has.
    enum LanguageModelActivation: Sendable, Hashable {
        /// The same as the feed-forward layers.
        case network
        /// Always exact GELU.
        case gelu
    }

    /// How a family makes logits of the first token's vector.
    enum SequenceForm: Sendable, Hashable {
        /// Dense and tanh in the trunk, dropout, `classifier` (`BertForSequenceClassification`).
        case pooler
        /// Dropout, `classifier.dense` and tanh, dropout, `classifier.out_proj` (`RobertaClassificationHead`).
        case denseOutput
        /// `pre_classifier` and ReLU, dropout, `classifier` (`DistilBertForSequenceClassification`).
        case preClassifier

        /// The family's own layer of the head, before any hidden ones, with what follows it.
        var dense: (name: String, activation: Activation)? {
            switch self {
            case .pooler: nil
            case .denseOutput: ("classifier.dense", .tanh)
            case .preClassifier: ("pre_classifier", .relu)
            }
        }

        /// The name of the last layer.
        var output: String { self == .denseOutput ? "classifier.out_proj" : "classifier" }
    }

    /// The form of a head of linear layers: the family's own for the first token's vector, else layers and nothing more.
    func form(of head: HeadConfiguration) -> SequenceForm {
        if case .sequence(_, let shape) = head, shape.pooling == .cls { return sequenceForm }
        return .pooler
    }
}
