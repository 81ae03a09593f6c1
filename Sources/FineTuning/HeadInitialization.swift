/// What becomes of a head that comes with the model.
public enum HeadInitialization: String, Sendable, Hashable, CaseIterable {
    /// Kept if it has the same labels, else replaced by a new one.
    case auto
    /// Always replaced by a new one.
    case new
}
