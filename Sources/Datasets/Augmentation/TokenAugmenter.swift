public import FineTuning

/// Changes training texts at random, another way in each epoch; a pure function of seed, epoch and example.
///
/// Works on whole words. Tokens that were added around the text stay, and no text is emptied. Tags go with their words;
/// what would tear words from their tags is refused with the recipe.
/// - random_deletion, random_swap, random_insertion: Wei and Zou 2019 ("EDA"), the inserted word being one of the text.
/// - token_masking: words become masks.
/// - cutoff: Shen et al. 2020; a span of words (or single words) is dropped, the others keep their positions.
public struct TokenAugmenter: Sendable {
    private let augmentations: [Augmentation]
    private let seed: UInt64
    private let maskID: Int32?
    private let maxLength: Int?

    /// An augmenter.
    ///
    /// - Parameters:
    ///   - augmentations: of the recipe; `mixup` does not change texts and is passed over. They are carried out in their
    ///     order, but cutoff last, since it keeps positions.
    ///   - maskID: the mask's place in the vocabulary; without one, token_masking changes nothing.
    ///   - maxLength: the most tokens of a text that words are inserted into; nil inserts only where a text was
    ///     shortened before.
    public init(_ augmentations: [Augmentation], seed: UInt64, maskID: Int32?, maxLength: Int? = nil) {
        let used = augmentations.filter {
            $0.type != .mixup && $0.probability > 0 && !($0.type == .tokenMasking && maskID == nil)
        }
        self.augmentations = used.filter { $0.type != .cutoff } + used.filter { $0.type == .cutoff }
        self.seed = seed
        self.maxLength = maxLength
        self.maskID = maskID
    }

    /// Whether texts are changed at all.
    public var changesTexts: Bool { !augmentations.isEmpty }

    /// A text after all changes, no longer than before or than `maxLength`.
    ///
    /// - Parameters:
    ///   - epoch: from 0.
    ///   - example: the text's place among all.
    ///   - part: which of the example's sequences it is.
    public func augmented(_ sequence: TokenSequence, epoch: Int, example: Int, part: Int = 0) -> TokenSequence {
        guard changesTexts else { return sequence }
        var text = WordSequence(sequence)
        guard text.wordCount > 0 else { return sequence }
        for (place, augmentation) in augmentations.enumerated() {
            var random = PhiloxGenerator(
                seed: seed, stream: RandomStream.example(example, epoch: epoch, kind: 9 + UInt64(place), part: part))
            switch augmentation.type {
            case .randomDeletion: text.delete(augmentation.probability, &random)
            case .randomSwap: text.swap(augmentation.probability, &random)
            case .randomInsertion:
                text.insert(augmentation.probability, limit: max(maxLength ?? 0, sequence.count), &random)
            case .tokenMasking: if let maskID { text.mask(augmentation.probability, with: maskID, &random) }
            case .cutoff: text.cutOff(augmentation.probability, ratio: augmentation.ratio, &random)
            case .mixup: break
            }
        }
        return text.sequence
    }
}
