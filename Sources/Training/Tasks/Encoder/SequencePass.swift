internal import Datasets
internal import Models
internal import Tensors

/// Forward passes of a model with a head for whole sequences, over vectors that are kept where the trunk stays frozen.
final class SequencePass {
    let model: EncoderModel
    private let load: (_ examples: [Int], _ isTraining: Bool) -> PackedBatch
    private let training: FeatureCache?
    private let validation: FeatureCache?

    /// Passes over the examples of a task.
    init(_ assembly: EncoderAssembly) {
        let (model, data) = (assembly.model, assembly.data)
        self.model = model
        load = { examples, isTraining in (isTraining ? data.training : data.validation).batch(examples) }
        func cache(_ examples: Examples) -> FeatureCache? {
            guard assembly.keepsFeatures else { return nil }
            return FeatureCache(
                lengths: (0..<examples.count).map { examples.length(of: $0) }, width: model.configuration.hiddenSize)
        }
        training = cache(data.training)
        validation = cache(data.validation)
    }

    /// Memory that the kept vectors take, in bytes; 0 where none are kept.
    var keptBytes: Int { (training?.byteCount ?? 0) + (validation?.byteCount ?? 0) }

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
        try cache.fill(batch.examples) { piece in
            model.begin(.evaluation)
            return try model.features(load(Array(piece), batch.isTraining)).tensor.elements
        }
        model.begin(conditions)
        let vectors = model.tape.arena.tensor([batch.examples.count, model.configuration.hiddenSize])
        cache.read(batch.examples, into: vectors.base)
        return model.tape.constant(vectors)
    }
}
