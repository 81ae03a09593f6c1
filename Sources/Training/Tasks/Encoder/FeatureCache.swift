internal import Models
internal import Tensors

/// What enters the head of a model whose trunk does not change: computed once an example, and kept.
///
/// Examples are computed in pieces that the order of the data alone decides, so that a vector has the same bits whichever
/// example asks first, also in a run that goes on: a row of a matrix product may differ in its last bits with the rows
/// beside it.
final class FeatureCache {
    /// Floats that are kept at most; of larger data every pass computes its vectors anew.
    static let budget = 128 << 20
    /// Tokens of a piece: few enough that the first steps, whose examples lie all over the data, do not take long.
    static let pieceTokens = 512

    /// (examples × width)
    private let vectors: Slab
    private let width: Int
    private let pieces: [Range<Int>]
    /// The piece of each example.
    private let pieceOf: [Int32]
    private var isComputed: [Bool]

    /// An empty cache; nil where the vectors would take too much memory.
    ///
    /// - Parameters:
    ///   - lengths: of the examples, in tokens.
    ///   - width: of a vector.
    init?(lengths: [Int], width: Int) {
        guard lengths.count * width <= Self.budget else { return nil }
        vectors = Slab(count: lengths.count * width)
        self.width = width
        pieces = Pieces.ranges(of: lengths, tokenBudget: Self.pieceTokens)
        pieceOf = pieces.enumerated().flatMap { piece, range in range.map { _ in Int32(piece) } }
        isComputed = Array(repeating: false, count: pieces.count)
    }

    /// Memory of the vectors, in bytes.
    var byteCount: Int { vectors.count * MemoryLayout<Float>.stride }

    /// Writes the vectors of some examples, which are there, one after another.
    func read(_ examples: [Int], into target: UnsafeMutablePointer<Float>) {
        for (row, example) in examples.enumerated() {
            precondition(isComputed[Int(pieceOf[example])], "fill before read")
            (target + row * width).update(from: vectors.base + example * width, count: width)
        }
    }

    /// Computes the pieces of examples that are not there yet.
    ///
    /// - Parameter compute: the vectors of a piece of the data, row by row.
    func fill(_ examples: [Int], compute: (Range<Int>) throws -> [Float]) rethrows {
        for example in examples where !isComputed[Int(pieceOf[example])] {
            let piece = Int(pieceOf[example])
            let values = try compute(pieces[piece])
            precondition(values.count == pieces[piece].count * width, "one vector an example")
            vectors.base.advanced(by: pieces[piece].lowerBound * width).update(from: values, count: values.count)
            isComputed[piece] = true
        }
    }
}
