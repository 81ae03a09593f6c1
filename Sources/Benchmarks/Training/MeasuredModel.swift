import Models
import Tensors

/// A model of random weights, and the steps that are measured on it.
final class MeasuredModel {
    let configuration: TrainConfiguration
    let shape: EncoderConfiguration
    let model: EncoderModel
    private let optimizer: any Optimizer
    private var count = 0

    init(_ configuration: TrainConfiguration, threads: Int) throws {
        let shape = configuration.shape
        let model = try EncoderModel(
            configuration: shape, head: .sequence(outputs: 4), lora: configuration.adapters, seed: 1,
            pool: ThreadPool(threadCount: threads))
        model.store.setTrainable { parameter in
            configuration.adapters == nil
                ? configuration.trains(parameter.block) : model.trainsBesideAdapters(parameter)
        }
        self.configuration = configuration
        self.shape = shape
        self.model = model
        optimizer = AdamW(model.store)
    }

    /// Sequences of token numbers of all the vocabulary, with a class each.
    func makeBatch(_ sequences: Int, _ length: Int, number: Int = 0) -> PackedBatch {
        let sequences = (0..<sequences).map { (sequence: Int) -> [Int32] in
            let start = number * 611_953 + sequence * 7919
            return (0..<length).map { Int32(5 + (start + $0 * 104_729) % 30_000) }
        }
        return PackedBatch(sequences: sequences, labels: sequences.indices.map { Int32(($0 * 7 + number) % 4) })
    }

    /// Forward and backward pass, clipping and update on a batch.
    func step(_ batch: PackedBatch) throws {
        model.begin(.training(DropoutState(seed: 1, step: UInt64(count))))
        try learn(try model.output(batch), batch.labels ?? [])
    }

    /// The same from what enters the head.
    func step(kept features: Tensor, _ labels: [Int32]) throws {
        model.begin(.training(DropoutState(seed: 1, step: UInt64(count))))
        try learn(model.output(features: model.tape.constant(features)), labels)
    }

    /// What enters the head for a batch, without dropout.
    func features(_ batch: PackedBatch) throws -> Tensor {
        model.begin(.evaluation)
        return try model.features(batch).tensor
    }

    private func learn(_ logits: Value, _ labels: [Int32]) throws {
        let (store, pool) = (model.store, model.pool)
        let loss = model.tape.crossEntropy(logits, labels: labels)
        model.tape.backward(from: loss.value)
        let norm = store.gradientNorm(on: pool)
        guard loss.total.isFinite, norm.isFinite else {
            throw BenchmarkError.diverged(step: count, loss: loss.total, gradientNorm: norm)
        }
        optimizer.update(learningRate: 1e-4, gradientScale: norm > 1 ? Float(1 / (norm + 1e-6)) : 1, on: pool)
        store.zeroGradients(on: pool)
        count += 1
    }
}
