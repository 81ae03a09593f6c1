/// What a head's outputs for a sequence mean: `problem_type` in `config.json`.
public enum ProblemType: String, Sendable, Hashable, CaseIterable {
    /// One of the labels.
    case singleLabel = "single_label_classification"
    /// Any number of the labels.
    case multiLabel = "multi_label_classification"
    /// Numbers.
    case regression
}
