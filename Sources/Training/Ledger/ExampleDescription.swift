public import JSON

/// A training example as people know it.
public struct ExampleDescription: Sendable, Hashable {
    /// Its line in the training file, from 1.
    public var line: Int
    /// The label, labels or number that the file gives it; null for tasks without any.
    public var label: JSONValue
    /// What the model said to it, in the same form; null where that is not known.
    public var answer: JSONValue
    /// The beginning of its text.
    public var text: String

    /// A description.
    public init(line: Int, label: JSONValue = .null, answer: JSONValue = .null, text: String) {
        self.line = line
        self.label = label
        self.answer = answer
        self.text = text
    }
}
