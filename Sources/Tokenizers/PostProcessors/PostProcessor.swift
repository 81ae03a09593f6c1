/// The last stage: where the special tokens stand, which segment each token belongs to, and which spaces offsets leave
/// out.
///
/// Source: `processors` of the Python package `tokenizers`.
struct PostProcessor: Sendable {
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
    var single: [Part] = [.first(typeID: 0)]
    /// The template of a pair.
    var pair: [Part] = [.first(typeID: 0), .second(typeID: 1)]
    /// How spaces are left out of offsets; each works on what the one before made.
    var trims: [OffsetTrimming] = []

    /// BERT's `[CLS] A [SEP]` and `[CLS] A [SEP] B [SEP]`.
    static func bert(classification: Int32, separator: Int32) -> PostProcessor {
        let single: [Part] = [
            .special(ids: [classification], typeID: 0), .first(typeID: 0), .special(ids: [separator], typeID: 0),
        ]
        return PostProcessor(
            single: single, pair: single + [.second(typeID: 1), .special(ids: [separator], typeID: 1)])
    }

    /// RoBERTa's `<s> A </s>` and `<s> A </s></s> B </s>`, all of segment 0.
    static func roberta(classification: Int32, separator: Int32) -> PostProcessor {
        let single: [Part] = [
            .special(ids: [classification], typeID: 0), .first(typeID: 0), .special(ids: [separator], typeID: 0),
        ]
        let second: [Part] = [
            .special(ids: [separator], typeID: 0), .second(typeID: 0), .special(ids: [separator], typeID: 0),
        ]
        return PostProcessor(single: single, pair: single + second)
    }

    /// The number of special tokens that are added to one text, or to a pair.
    func addedCount(isPair: Bool) -> Int {
        (isPair ? pair : single).reduce(0) { count, part in
            if case .special(let ids, _) = part { count + ids.count } else { count }
        }
    }

    /// The largest number of the special tokens, or −1.
    var largestID: Int32 {
        (single + pair).reduce(-1) { largest, part in
            if case .special(let ids, _) = part { ids.reduce(largest, max) } else { largest }
        }
    }

    /// The template for one text, or a pair, with or without the special tokens.
    func parts(isPair: Bool, addsSpecialTokens: Bool) -> [Part] {
        let parts = isPair ? pair : single
        if addsSpecialTokens { return parts }
        return parts.filter { if case .special = $0 { false } else { true } }
    }
}
