/// Whether examples of rare labels are shown more often.
public enum Oversampling: String, Sendable, Hashable, CaseIterable {
    /// Every example once an epoch.
    case none
    /// Every label as often as the most frequent one.
    case balanced
}
