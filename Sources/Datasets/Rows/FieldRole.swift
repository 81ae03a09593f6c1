internal import FineTuning

/// What a field of a row is for; the raw value is its name in `data.fields`.
enum FieldRole: String, Sendable, Hashable, CaseIterable {
    case text
    case textPair = "text_pair"
    case label, labels, score, tokens, tags, anchor, positive, negative
}

extension FieldNames {
    /// The name under which the file holds a field.
    subscript(_ role: FieldRole) -> String {
        switch role {
        case .text: text
        case .textPair: textPair ?? "text_pair"
        case .label: label
        case .labels: labels
        case .score: score
        case .tokens: tokens
        case .tags: tags
        case .anchor: anchor
        case .positive: positive
        case .negative: negative
        }
    }

    /// Whether a row without the field is faulty, of those that a shape does not demand: a named second text must be
    /// there.
    func demands(_ role: FieldRole) -> Bool { role == .textPair && textPair != nil }
}
