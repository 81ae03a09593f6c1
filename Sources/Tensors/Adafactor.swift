internal import CKernels
import Glibc

/// Adafactor for a given learning rate (Shazeer and Stern 2018; the arithmetic of Transformers' `Adafactor` with
/// `relative_step` and `scale_parameter` off, as its trainer sets them, and without first moment).
///
/// The second moment of a matrix is kept as its row and column means only: (outputs + inputs) floats in place of
/// AdamW's 2·outputs·inputs. Parameters of more than two extents are factored matrix by matrix over the last two,
/// vectors keep their whole second moment. With β = 1 - t^decayRate and q = g² + ε:
///
/// r ← βr + (1-β)·mean over columns of q, c ← βc + (1-β)·mean over rows of q, u = g · √(mean(r) / r) / √c;
/// u ← u / max(1, rms(u) / d), w ← w - lr·λ·w - lr·u
public final class Adafactor: Optimizer {
    /// Constants of the rule.
    public struct Configuration: Sendable, Hashable {
        /// ε, added to squared gradients.
        public var epsilon: Float
        /// d, the root mean square above which a parameter's update is scaled down.
        public var clipThreshold: Float
        /// The exponent of t in 1 - β.
        public var decayRate: Double
        /// λ, the decay of parameters that decay.
        public var weightDecay: Float

        /// The defaults of Transformers.
        public init(
            epsilon: Float = 1e-30, clipThreshold: Float = 1, decayRate: Double = -0.8, weightDecay: Float = 0
        ) {
            self.epsilon = epsilon
            self.clipThreshold = clipThreshold
            self.decayRate = decayRate
            self.weightDecay = weightDecay
        }
    }

    /// Constants in use.
    public let configuration: Configuration
    /// Updates done so far; restored on resume.
    public var updateCount: Int {
        get { counts.total }
        set { counts.setAll(to: newValue) }
    }
    private let store: ParameterStore
    private let counts: UpdateCounts
    private let matrices: [AdafactorMatrix]
    private let moments: Slab
    private let scratch: Slab
    private var pieces: [AdafactorMatrix.Piece] = []
    /// Sum of squares of each piece's update, then the step of each matrix; of the update in progress.
    private var squares: [Double] = []
    private var steps: [Float]
    private var version = -1

    /// An optimizer with zero moments for the parameters that are trainable now.
    public init(_ store: ParameterStore, configuration: Configuration = Configuration()) {
        self.store = store
        self.configuration = configuration
        counts = UpdateCounts(store)
        var (momentCount, scratchCount) = (0, 0)
        matrices = store.parameters.flatMap { parameter in
            AdafactorMatrix.matrices(of: parameter, moments: &momentCount, scratch: &scratchCount)
        }
        moments = Slab(count: momentCount)
        scratch = Slab(count: scratchCount)
        steps = Array(repeating: 0, count: matrices.count)
    }

    /// `row_moment.NAME` and `column_moment.NAME` of every trainable matrix, `second_moment.NAME` of every trainable
    /// vector, and `updates`.
    public var state: [StateTensor] {
        matrices.filter { $0.number == 0 }.flatMap { $0.state(store.parameters[$0.parameter], moments) }
            + [counts.state]
    }

    /// Updates every trainable parameter that does not rest from its gradient.
    public func update(learningRate: Float, gradientScale: Float = 1, on pool: ThreadPool) {
        counts.advance(store)
        layOut()
        updateMoments(gradientScale, pool)
        // Sums of squares of all matrices of a parameter decide together how far each of them goes.
        var first = 0
        while first < pieces.count {
            let parameter = matrices[pieces[first].matrix].parameter
            var (last, sum) = (first, 0.0)
            while last < pieces.count, matrices[pieces[last].matrix].parameter == parameter {
                sum += squares[last]
                last += 1
            }
            let rms = (sum / Double(store.parameters[parameter].count)).squareRoot()
            let rate = Double(learningRate * store.parameters[parameter].learningRateFactor)
            let step = rate * Double(gradientScale) / max(1, rms / Double(configuration.clipThreshold))
            for piece in first..<last { steps[pieces[piece].matrix] = Float(step) }
            first = last
        }
        apply(learningRate, pool)
    }

    private func layOut() {
        guard version != store.layoutVersion else { return }
        version = store.layoutVersion
        pieces = matrices.indices.flatMap { index in
            store.parameters[matrices[index].parameter].isUpdated ? matrices[index].pieces(index) : []
        }
        squares = Array(repeating: 0, count: pieces.count)
    }

    /// Takes the gradients into the moments and finds the sums of squares of the updates.
    private func updateMoments(_ scale: Float, _ pool: ThreadPool) {
        let (gradients, moments, scratch) = (store.gradients.base, moments.base, scratch.base)
        let (matrices, pieces, epsilon) = (matrices, pieces, configuration.epsilon)
        squares.withUnsafeMutableBufferPointer { squares in
            let sums = squares.baseAddress
            pool.run(pieces.count) { task, _ in
                let piece = pieces[task]
                let matrix = matrices[piece.matrix]
                let g = gradients + matrix.gradient + piece.firstRow * matrix.columns
                let beta = decay(matrix.parameter)
                if matrix.isVector {
                    sums?[task] = ck_adafactor_vector_moments(
                        matrix.columns, g, scale, epsilon, beta, moments + matrix.columnMoments)
                } else {
                    ck_adafactor_moments(
                        piece.rows, matrix.columns, g, scale, epsilon, beta,
                        moments + matrix.rowMoments + piece.firstRow,
                        scratch + matrix.partials + piece.number * matrix.columns)
                }
            }
            pool.run(matrices.count) { index, _ in
                let matrix = matrices[index]
                guard !matrix.isVector, store.parameters[matrix.parameter].isUpdated else { return }
                matrix.finishMoments(beta: decay(matrix.parameter), moments: moments, scratch: scratch)
            }
            pool.run(pieces.count) { task, _ in
                let piece = pieces[task]
                let matrix = matrices[piece.matrix]
                guard !matrix.isVector else { return }
                sums?[task] = ck_adafactor_squares(
                    piece.rows, matrix.columns, gradients + matrix.gradient + piece.firstRow * matrix.columns, scale,
                    scratch + matrix.rowFactors + piece.firstRow, scratch + matrix.columnFactors)
            }
        }
    }

    private func apply(_ learningRate: Float, _ pool: ThreadPool) {
        let (values, gradients, moments, scratch) = (
            store.values.base, store.gradients.base, moments.base, scratch.base
        )
        let (matrices, pieces, steps) = (matrices, pieces, steps)
        pool.run(pieces.count) { task, _ in
            let piece = pieces[task]
            let matrix = matrices[piece.matrix]
            let parameter = store.parameters[matrix.parameter]
            let rate = learningRate * parameter.learningRateFactor
            let keep = parameter.decays ? 1 - rate * configuration.weightDecay : 1
            let start = piece.firstRow * matrix.columns
            let (w, g) = (values + matrix.value + start, gradients + matrix.gradient + start)
            if matrix.isVector {
                ck_adafactor_vector_apply(
                    matrix.columns, w, g, steps[piece.matrix], moments + matrix.columnMoments, keep)
            } else {
                ck_adafactor_apply(
                    piece.rows, matrix.columns, w, g, steps[piece.matrix],
                    scratch + matrix.rowFactors + piece.firstRow, scratch + matrix.columnFactors, keep)
            }
        }
    }

    /// β of a parameter: 1 - t^decayRate.
    private func decay(_ parameter: Int) -> Float {
        Float(1 - pow(Double(counts[parameter]), configuration.decayRate))
    }
}
