/// What came out of a model file, and what did not.
public struct LoadReport: Sendable, Hashable {
    /// Parameters that the file does not have, freshly initialised.
    public internal(set) var initialised: [String] = []
    /// The tensor of the file that each other parameter was read from, by the parameter's name.
    public internal(set) var sources: [String: String] = [:]
    /// Tensors of the file that the model has no place for.
    public internal(set) var unexpected: [String] = []
}
