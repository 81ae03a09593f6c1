/// The tasks that a model can be trained for.
public enum TaskKind: String, Sendable, Hashable, CaseIterable {
    /// One label for a text or a pair of texts.
    case textClassification = "text-classification"
}
