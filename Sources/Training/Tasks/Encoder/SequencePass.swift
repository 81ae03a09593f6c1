internal import Datasets
internal import Models
internal import Tensors

/// Forward passes of a model with a head for whole sequences, over vectors that are kept where the trunk stays frozen.
final class SequencePass {
    let model: EncoderModel
    private let load: (_ examples: [Int], _ isTraining: Bool) -> PackedBatch
    private let training: FeatureCache?
    private let validation: FeatureCache?

    /// Passes of a model.
    ///
    /// - Parameters:
    ///   - keepsFeatures: whether what enters the head depends on nothing but the text: the trunk is frozen and runs
    ///     without dropout, and no text is changed before it.
    ///   - training: the texts to train on.
    ///   - validation: the texts to evaluate on.
    init(_ model: EncoderModel, keepsFeatures: Bool, training: Examples, validation: Examples) {
        self.model = model
        load = { examples, isTraining in (isTraining ? training : validation).batch(examples) }
        let width = model.configuration.hiddenSize
        func cache(_ examples: Examples) -> FeatureCache? {
            guard keepsFeatures else { return nil }
            return FeatureCache(lengths: (0..<examples.count).map { examples.length(of: $0) }, width: width)
        }
        self.training = cache(training)
        self.validation = cache(validation)
    }

    /// The head's output for a batch, (B × outputs), on the model's tape.
    func output(_ batch: SequenceBatch, _ conditions: ForwardConditions) throws -> Value {
        var features = try features(batch, conditions)
        if let mixture = batch.mixture {
            features = model.tape.mixRows(features, partners: mixture.partners, shares: mixture.shares)
        }
        return model.output(features: features)
    }

    private func features(_ batch: SequenceBatch, _ conditions: ForwardConditions) throws -> Value {
        let cache = batch.isTraining ? training : validation
        guard let cache, conditions.perturbation == nil else {
            model.begin(conditions)
            return try model.features(batch.packed)
        }
        let compute = { [self] (piece: Range<Int>) in
            model.begin(.evaluation)
            return try model.features(load(Array(piece), batch.isTraining)).tensor.elements
        }
        try cache.fill(batch.examples, compute: compute)
        model.begin(conditions)
        let vectors = model.tape.arena.tensor([batch.examples.count, model.configuration.hiddenSize])
        try cache.read(batch.examples, into: vectors.base, compute: compute)
        return model.tape.constant(vectors)
    }
}
