public import JSON

/// What is masked in masked-language modeling (Devlin et al. 2019): of the chosen tokens 80 % become the mask, 10 % a
/// random token and 10 % stay.
public struct Masking: Sendable, Hashable, JSONRepresentable {
    /// The share of tokens that are chosen.
    public var probability = 0.15
    /// Whether the pieces of a word are chosen together.
    public var wholeWord = true

    /// The defaults.
    public init() {}

    /// Reads `{"probability", "whole_word"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        probability = try fields.optional("probability")?.number(in: 0.01...0.9) ?? probability
        wholeWord = try fields.optional("whole_word")?.bool() ?? wholeWord
        try fields.finish()
    }

    /// The masking as JSON.
    public var json: JSONValue { ["probability": .number(probability), "whole_word": .bool(wholeWord)] }
}
