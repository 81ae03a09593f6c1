/// The last stage: where the special tokens stand and which segment each token belongs to.
///
/// Source: `TemplateProcessing` and `BertProcessing` of the Python package `tokenizers`.
struct PostProcessor: Sendable, Equatable {
    /// A part of a template.
    enum Part: Sendable, Equatable {
        /// Special tokens, with their segment.
        case special(ids: [Int32], typeID: Int32)
        /// The first text, with its segment.
        case first(typeID: Int32)
        /// The second text of a pair, with its segment.
        case second(typeID: Int32)
    }

    /// The template of one text.
    let single: [Part]
    /// The template of a pair.
    let pair: [Part]

    /// `A`, or `A B`: no special tokens.
    static let none = PostProcessor(single: [.first(typeID: 0)], pair: [.first(typeID: 0), .second(typeID: 1)])

    /// BERT's `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
    static func bert(classification: Int32, separator: Int32) -> PostProcessor {
        let single: [Part] = [
            .special(ids: [classification], typeID: 0), .first(typeID: 0), .special(ids: [separator], typeID: 0),
        ]
        return PostProcessor(
            single: single, pair: single + [.second(typeID: 1), .special(ids: [separator], typeID: 1)])
    }

    /// The number of special tokens that are added to one text, or to a pair.
    func addedCount(isPair: Bool) -> Int {
        (isPair ? pair : single).reduce(0) { count, part in
            if case .special(let ids, _) = part { count + ids.count } else { count }
        }
    }
}
