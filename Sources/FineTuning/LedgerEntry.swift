public import JSON

/// What the losses of one training line over the epochs say about its label: a line of `ledger.jsonl`.
public struct LedgerEntry: Sendable, Hashable, JSONRepresentable {
    /// Its place in the order of suspicion, from 1.
    public var rank: Int
    /// The line of the training file, from 1.
    public var line: Int
    /// The answer that the file gives: a label, labels, a score, or null.
    public var label: JSONValue
    /// What the model said in the last epoch.
    public var answer: JSONValue
    /// How suspicious the line is; higher is more so.
    public var score: Double
    /// The mean of the losses.
    public var meanLoss: Double
    /// The loss in each epoch; nil where the line was not seen.
    public var losses: [Double?]
    /// The probability of the given label in each epoch; of classification only.
    public var probabilities: [Double?]?
    /// The beginning of the text.
    public var text: String

    /// A line.
    public init(
        rank: Int, line: Int, label: JSONValue, answer: JSONValue, score: Double, meanLoss: Double, losses: [Double?],
        probabilities: [Double?]?, text: String
    ) {
        self.rank = rank
        self.line = line
        self.label = label
        self.answer = answer
        self.score = score
        self.meanLoss = meanLoss
        self.losses = losses
        self.probabilities = probabilities
        self.text = text
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        rank = try fields.required("rank").integer(in: 1...Int.max)
        line = try fields.required("line").integer(in: 1...Int.max)
        label = fields.optional("label")?.value ?? .null
        answer = fields.optional("answer")?.value ?? .null
        score = try fields.required("score").number()
        meanLoss = try fields.required("mean_loss").number()
        losses = try Self.numbers(fields.required("losses"))
        probabilities = if let list = fields.optional("probabilities") { try Self.numbers(list) } else { nil }
        text = try fields.required("text").string()
        try fields.finish()
    }

    private static func numbers(_ cursor: JSONCursor) throws(JSONFault) -> [Double?] {
        var numbers: [Double?] = []
        for element in try cursor.elements() { numbers.append(element.value.isNull ? nil : try element.number()) }
        return numbers
    }

    /// The line as JSON.
    public var json: JSONValue {
        let list = { (values: [Double?]) in JSONValue.array(values.map { JSONValue($0) { JSONValue($0) } }) }
        return [
            "rank": JSONValue(rank), "line": JSONValue(line), "label": label, "answer": answer,
            "score": JSONValue(score), "mean_loss": JSONValue(meanLoss), "losses": list(losses),
            "probabilities": JSONValue(probabilities, list), "text": .string(text),
        ]
    }
}
