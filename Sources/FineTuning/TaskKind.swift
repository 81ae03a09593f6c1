/// The tasks that a model can be trained for (named as the Hugging Face Hub names them).
public enum TaskKind: String, Sendable, Hashable, CaseIterable {
    /// One label, several labels or a rank for a text or a pair of texts.
    case textClassification = "text-classification"
    /// A number for a text or a pair of texts.
    case textRegression = "text-regression"
    /// A tag for every word of a text.
    case tokenClassification = "token-classification"
    /// The words that stand behind masks: adapts a model to a domain without labels.
    case maskedLanguageModeling = "masked-language-modeling"
    /// A vector for a text, near the vectors of texts that mean the same.
    case textEmbedding = "text-embedding"

    /// Whether the task's answers are labels out of a closed set.
    public var hasLabels: Bool { self == .textClassification || self == .tokenClassification }

    /// Whether a layer of the task's own stands behind the trunk: an embedding is read off the trunk itself.
    public var hasHead: Bool { self != .textEmbedding }

    /// Whether a sequence becomes one vector on the way to the answer.
    public var poolsSequences: Bool {
        switch self {
        case .textClassification, .textRegression, .textEmbedding: true
        case .tokenClassification, .maskedLanguageModeling: false
        }
    }
}
