public import JSON

/// A held-back example on which the model does worst.
public struct WorstExample: Sendable, Hashable, JSONRepresentable {
    /// The line of its file, from 1.
    public var line: Int
    /// The beginning of the text.
    public var text: String
    /// What is right, as people write it.
    public var truth: String
    /// What the model answers.
    public var answer: String
    /// Its loss.
    public var loss: Double

    /// An example.
    public init(line: Int, text: String, truth: String, answer: String, loss: Double) {
        self.line = line
        self.text = text
        self.truth = truth
        self.answer = answer
        self.loss = loss
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        line = try fields.required("line").integer(in: 1...Int.max)
        text = try fields.required("text").string()
        truth = try fields.required("truth").string()
        answer = try fields.required("answer").string()
        loss = try fields.required("loss").number()
        try fields.finish()
    }

    /// The example as JSON.
    public var json: JSONValue {
        [
            "line": JSONValue(line), "text": .string(text), "truth": .string(truth), "answer": .string(answer),
            "loss": JSONValue(loss),
        ]
    }
}
