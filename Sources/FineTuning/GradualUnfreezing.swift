public import JSON

/// Unfreezing from the head downwards, one block at a time (Howard and Ruder 2018, ULMFiT).
public struct GradualUnfreezing: Sendable, Hashable, JSONRepresentable {
    /// Epochs between one block and the next.
    public var everyEpochs: Int

    /// A block every so many epochs.
    public init(everyEpochs: Int = 1) { self.everyEpochs = everyEpochs }

    /// Reads `{"every_epochs"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        everyEpochs = try fields.optional("every_epochs")?.integer(in: 1...1000) ?? 1
        try fields.finish()
    }

    /// The rule as JSON.
    public var json: JSONValue { ["every_epochs": JSONValue(everyEpochs)] }
}
