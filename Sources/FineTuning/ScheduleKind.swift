/// How the learning rate goes after the warm-up (names of the transformers Trainer).
public enum ScheduleKind: String, Sendable, Hashable, CaseIterable {
    /// Falls in a straight line to 0 at the last step.
    case linear
    /// Stays.
    case constant
    /// Falls along half a cosine to 0 at the last step.
    case cosine
}
