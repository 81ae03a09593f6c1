internal import Datasets
internal import FineTuning
internal import RunDirectory

/// What a recipe changes in texts before the model sees them, other things in each epoch.
struct TextChanges {
    private let augmenter: TokenAugmenter?
    private let mixup: Mixup?

    /// No changes.
    static let none = TextChanges(augmenter: nil, mixup: nil)

    private init(augmenter: TokenAugmenter?, mixup: Mixup?) {
        self.augmenter = augmenter
        self.mixup = mixup
    }

    /// The changes of a recipe.
    ///
    /// - Parameter base: the model, whose tokenizer has the mask.
    init(_ setup: TaskSetup, _ base: PretrainedModel) {
        let data = setup.run.recipe.data
        augmenter = TokenAugmenter(
            data.augment, seed: setup.seed, maskID: base.maskToken, maxLength: min(data.maxLength, base.longestText))
        mixup = data.augmentation(.mixup).map {
            Mixup(alpha: $0.alpha, probability: $0.probability, seed: setup.seed)
        }
    }

    /// Whether texts are changed at all; mixing their vectors does not.
    var changesTexts: Bool { augmenter?.changesTexts ?? false }

    /// A text as an epoch sees it.
    ///
    /// - Parameter part: which of the example's texts it is.
    func changed(_ sequence: TokenSequence, epoch: Int, example: Int, part: Int = 0) -> TokenSequence {
        augmenter?.augmented(sequence, epoch: epoch, example: example, part: part) ?? sequence
    }

    /// Which texts of a batch are mixed with which; nil where none are.
    func mixture(_ moment: TrainingMoment, count: Int) -> Mixture? {
        mixup.map {
            let plan = $0.plan(step: moment.step, part: moment.part, count: count)
            return Mixture(partners: plan.partners.map { Int32($0) }, shares: plan.shares)
        }
    }
}
