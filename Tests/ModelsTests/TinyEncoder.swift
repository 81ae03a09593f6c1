import Models
import Tensors

/// A random classifier that is quick to train, with dropout on.
enum TinyEncoder {
    static func configuration(_ family: EncoderFamily = .bert) -> EncoderConfiguration {
        var configuration = EncoderConfiguration(family)
        configuration.vocabularySize = 50
        configuration.hiddenSize = 24
        configuration.layerCount = 3
        configuration.headCount = 3
        configuration.intermediateSize = 40
        configuration.maximumPositions = 32
        configuration.initializerRange = 0.2
        return configuration
    }

    static func model(threads: Int = 2, seed: UInt64 = 1, shape: HeadShape = HeadShape())
        throws -> EncoderModel
    {
        try EncoderModel(
            configuration: configuration(), head: .sequence(outputs: 3, shape: shape), seed: seed,
            pool: ThreadPool(threadCount: threads))
    }

    static func model(
        _ family: EncoderFamily, head: HeadConfiguration, lora: LoRAConfiguration? = nil
    ) throws -> EncoderModel {
        try EncoderModel(
            configuration: configuration(family), head: head, lora: lora, seed: 1, pool: ThreadPool(threadCount: 2))
    }

    /// Sequences of 1 to 30 tokens that differ from step to step.
    static func batch(_ step: Int) -> PackedBatch {
        let sequences = (0..<7).map { row in
            (0..<(1 + (row * 11 + step * 7) % 30)).map { Int32(($0 * 31 + row * 17 + step * 13) % 50) }
        }
        return PackedBatch(sequences: sequences, labels: (0..<7).map { Int32(($0 + step) % 3) })
    }

    /// Steps `range` of a run whose only state is the model and the optimizer; returns the losses.
    static func train(_ model: EncoderModel, _ optimizer: AdamW, steps range: Range<Int>) throws -> [Float] {
        try range.map { step in
            model.store.zeroGradients(on: model.pool)
            let loss = try model.addGradients(
                batch(step), dropout: DropoutState(seed: 9, step: UInt64(step)), smoothing: 0.1)
            let norm = model.store.gradientNorm(on: model.pool)
            optimizer.update(
                learningRate: 1e-2, gradientScale: norm > 1 ? Float(1 / (norm + 1e-6)) : 1, on: model.pool)
            return loss
        }
    }
}
