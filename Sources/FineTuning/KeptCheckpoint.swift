/// Which checkpoint becomes the fine-tuned model.
public enum KeptCheckpoint: String, Sendable, Hashable, CaseIterable {
    /// The one with the best validation metric (the last one where nothing is held back for validation).
    case best
    /// The last one.
    case last
}
