import Models
import Tensors

extension EncoderModel {
    /// The mean cross-entropy of a batch with labels.
    func loss(_ batch: PackedBatch, dropout: DropoutState? = nil, smoothing: Float = 0) throws -> Float {
        try recordLoss(batch, dropout, smoothing).tensor.base[0]
    }

    /// The same, adding its gradients to the store's.
    @discardableResult
    func addGradients(
        _ batch: PackedBatch, dropout: DropoutState? = nil, smoothing: Float = 0, scale: Float = 1
    ) throws -> Float {
        let loss = try recordLoss(batch, dropout, smoothing)
        let value = loss.tensor.base[0]
        tape.backward(from: loss, seed: scale)
        return value
    }

    private func recordLoss(_ batch: PackedBatch, _ dropout: DropoutState?, _ smoothing: Float) throws -> Value {
        begin(.training(dropout))
        return tape.crossEntropy(try output(batch), labels: batch.labels ?? [], smoothing: smoothing).value
    }
}
