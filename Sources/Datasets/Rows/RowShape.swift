internal import FineTuning

/// What a row of a task's files holds.
enum RowShape: Sendable, Hashable {
    /// A text or a pair of texts, and its label, or its labels.
    case labelled(several: Bool)
    /// A text or a pair of texts, and a number; `pairs` where there must be two texts.
    case scored(pairs: Bool)
    /// Words, and a tag for each.
    case tagged
    /// A text.
    case plain
    /// An anchor, a text that means the same, and perhaps one that does not.
    case anchored

    /// The shape of a task's rows.
    init(_ task: TaskSpecification) {
        self =
            switch task.type {
            case .textClassification: .labelled(several: task.multiLabel)
            case .textRegression: .scored(pairs: false)
            case .tokenClassification: .tagged
            case .maskedLanguageModeling: .plain
            case .textEmbedding: task.embedding?.loss == .cosine ? .scored(pairs: true) : .anchored
            }
    }

    /// Whether a long text is divided into several examples rather than cut.
    var dividesTexts: Bool { self == .plain }

    /// Whether the answers are labels or tags.
    var hasLabels: Bool {
        switch self {
        case .labelled, .tagged: true
        case .scored, .plain, .anchored: false
        }
    }

    /// The field of the answers, where there are any.
    var answer: FieldRole? {
        switch self {
        case .labelled(let several): several ? .labels : .label
        case .scored: .score
        case .tagged: .tags
        case .plain, .anchored: nil
        }
    }

    /// The fields that a row must have.
    var required: [FieldRole] {
        switch self {
        case .labelled(let several): [.text, several ? .labels : .label]
        case .scored(let pairs): pairs ? [.text, .textPair, .score] : [.text, .score]
        case .tagged: [.tokens, .tags]
        case .plain: [.text]
        case .anchored: [.anchor, .positive]
        }
    }

    /// The fields that a row may have, and those that it must have, in the order of columns without names.
    var ordered: [FieldRole] {
        switch self {
        case .labelled(let several): [.text, .textPair, several ? .labels : .label]
        case .scored: [.text, .textPair, .score]
        case .anchored: [.anchor, .positive, .negative]
        case .tagged, .plain: required
        }
    }

    /// The roles of so many columns without names: those that must be there, and the others where there is room.
    func roles(ofColumns count: Int) -> [FieldRole]? {
        if count == ordered.count { return ordered }
        return count == required.count ? required : nil
    }

    /// A row as JSON, to show how one is written.
    func example(_ fields: FieldNames) -> String {
        let members = required.map { role in
            let value =
                switch role {
                case .labels, .tokens, .tags: "[\"…\", \"…\"]"
                case .score: "0.5"
                default: "\"…\""
                }
            return "\"\(fields[role])\": \(value)"
        }
        return "{\(members.joined(separator: ", "))}"
    }
}
