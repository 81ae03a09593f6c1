internal import CKernels

/// A change of the word embeddings of one batch, and the gradient of the loss by it: what adversarial training moves
/// (Miyato, Dai and Goodfellow 2017; Madry et al. 2018; Zhu et al. 2020).
///
/// Added to the sum of the word embeddings before their normalisation. Its gradient is complete after
/// ``Tape/backward(from:seed:)``, also where the embeddings are frozen; it lasts over the steps of an attack on one batch.
public final class EmbeddingPerturbation {
    /// δ, (T × H); zero at first.
    public let values: Tensor
    /// The gradient by δ of the last backward pass, (T × H), times the pass's `seed`.
    public let gradient: Tensor

    /// A perturbation of zero.
    ///
    /// - Parameters:
    ///   - tape: whose arena holds it.
    ///   - tokenCount: T, of the batch.
    ///   - width: H, of the embeddings.
    public init(_ tape: Tape, tokenCount: Int, width: Int) {
        values = tape.arena.zeros([tokenCount, width])
        gradient = tape.arena.zeros([tokenCount, width])
    }

    /// δ ← uniform within the ball of each sequence that has `radius` as its L2 norm at most (FreeLB's start): each
    /// element U(-1, 1) · radius / √(elements of the sequence).
    public func randomize(radius: Float, offsets: [Int32], dropout state: DropoutState) {
        let width = values.columns
        RandomNumbers.fill(
            UnsafeMutableBufferPointer(start: values.base, count: values.count), uniformIn: -1...1, seed: state.seed,
            stream: 1 << 62 | state.step)
        for (start, end) in zip(offsets, offsets.dropFirst()) {
            let count = Int(end - start) * width
            ck_scale(count, radius / Float(count).squareRoot(), values.base + Int(start) * width)
        }
    }

    /// δ ← project(δ + step · g / ‖g‖), for each sequence by itself, onto the ball of L2 norm `radius`. One step of size
    /// `radius` from zero is the fast gradient method.
    ///
    /// - Parameters:
    ///   - step: how far, in L2 norm over a sequence's embeddings.
    ///   - radius: the longest δ of a sequence.
    ///   - offsets: where each sequence starts, and at the end T: (B + 1).
    public func ascend(step: Float, radius: Float, offsets: [Int32]) {
        let width = values.columns
        for (start, end) in zip(offsets, offsets.dropFirst()) {
            let (first, count) = (Int(start) * width, Int(end - start) * width)
            let (delta, slope) = (values.base + first, gradient.base + first)
            let norm = ck_sum_of_squares(count, slope).squareRoot()
            // No slope or none that is a number: nothing to ascend.
            guard norm > 0, norm.isFinite else { continue }
            ck_add_multiple(count, Float(Double(step) / norm), slope, delta)
            let length = ck_sum_of_squares(count, delta).squareRoot()
            if length > Double(radius) { ck_scale(count, Float(Double(radius) / length), delta) }
        }
    }
}
