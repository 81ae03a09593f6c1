/// What an example is to teach.
public enum ExampleTarget: Sendable, Hashable {
    /// Nothing beside its tokens.
    case none
    /// A class.
    case label(Int32)
    /// Any number of classes, ascending.
    case labels([Int32])
    /// A number.
    case score(Float)
    /// A class for each word of which a token is there.
    case tags([Int32])
}
