internal import CKernels

/// The work on one sequence and head, in both directions.
struct AttentionPass {
    let layout: AttentionLayout
    /// H, of all heads.
    let width: Int
    let queryStride: Int
    let keyStride: Int
    /// The column at which keys start; values start H further on.
    let keyColumn: Int
    let dropout: Dropout?

    struct Head {
        let rows: Range<Int>
        let keys: Range<Int>
        let number: Int
        /// Number among all sequences and heads.
        let pair: Int
    }

    var headWidth: Int { width / layout.heads }
    var scale: Float { 1 / Float(headWidth).squareRoot() }

    /// Floats in a block of scores, rounded up to whole groups of dropout.
    private var scoreCount: Int { (layout.largestScoreCount + 127) / 128 * 128 }

    /// Scratch floats of a thread: some matrices of scores, the dropout factors, a number a query.
    func scratchCount(matrices: Int) -> Int {
        scoreCount * (matrices + (dropout == nil ? 0 : 1)) + (layout.longestQuery + 15) / 16 * 16
    }

    /// Calls `body` for every sequence and head; a task is several of them when there are many.
    func run(on pool: ThreadPool, _ body: (Head, _ worker: Int) -> Void) {
        let pairs = layout.sequences * layout.heads
        let size = max(1, pairs / (pool.threadCount * 16))
        pool.run((pairs + size - 1) / size) { task, worker in
            for pair in (task * size)..<min((task + 1) * size, pairs) {
                let sequence = pair / layout.heads
                body(
                    Head(
                        rows: layout.queries(sequence), keys: layout.keys(sequence), number: pair % layout.heads,
                        pair: pair), worker)
            }
        }
    }

    /// Draws the dropout factors of a head, (queries × keys) without gaps, to `memory`.
    private func factors(_ head: Head, _ memory: UnsafeMutablePointer<Float>) -> UnsafePointer<Float>? {
        guard let dropout else { return nil }
        withKernelDropout(dropout) {
            ck_dropout_factors($0, UInt64(head.pair * scoreCount / 128), head.rows.count * head.keys.count, memory)
        }
        return UnsafePointer(memory)
    }

    func forward(
        _ head: Head, queries: Tensor, keysValues: Tensor, output: Tensor, logSums: Tensor,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (m, n, d) = (head.rows.count, head.keys.count, headWidth)
        let column = head.number * d
        let q = queries.base + head.rows.lowerBound * queryStride + column
        let k = keysValues.base + head.keys.lowerBound * keyStride + keyColumn + column
        let factors = factors(head, scratch + scoreCount)
        BLAS.multiply(
            m: m, n: n, k: d, a: q, lda: queryStride, b: k, ldb: keyStride, transposeB: true, c: scratch, ldc: n)
        ck_softmax(m, n, scratch, scale, factors, logSums.base + head.number * logSums.columns + head.rows.lowerBound)
        BLAS.multiply(
            m: m, n: d, k: n, a: scratch, lda: n, b: k + width, ldb: keyStride,
            c: output.base + head.rows.lowerBound * width + column, ldc: width)
    }

    func backward(
        _ head: Head, queries: Tensor, keysValues: Tensor, output: Tensor, logSums: Tensor, gradient: Tensor,
        queryTarget: (tensor: Tensor, beta: Float)?, keyTarget: (tensor: Tensor, beta: Float)?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (m, n, d) = (head.rows.count, head.keys.count, headWidth)
        let column = head.number * d
        let queryStart = head.rows.lowerBound * queryStride + column
        let keyStart = head.keys.lowerBound * keyStride + keyColumn + column
        let outputStart = head.rows.lowerBound * width + column
        let (q, k, g) = (queries.base + queryStart, keysValues.base + keyStart, gradient.base + outputStart)
        let (scores, slopes) = (scratch, scratch + scoreCount)
        let dots = scratch + scratchCount(matrices: 2) - (layout.longestQuery + 15) / 16 * 16
        let factors = factors(head, scratch + 2 * scoreCount)
        BLAS.multiply(
            m: m, n: n, k: d, a: q, lda: queryStride, b: k, ldb: keyStride, transposeB: true, c: scores, ldc: n)
        BLAS.multiply(
            m: m, n: n, k: d, a: g, lda: width, b: k + width, ldb: keyStride, transposeB: true, c: slopes, ldc: n)
        ck_row_dots(m, d, g, width, output.base + outputStart, width, dots)
        ck_softmax_backward(
            m, n, scores, scale, logSums.base + head.number * logSums.columns + head.rows.lowerBound, dots, factors,
            slopes)
        if let queryTarget {
            BLAS.multiply(
                m: m, n: d, k: n, a: slopes, lda: n, b: k, ldb: keyStride, beta: queryTarget.beta,
                c: queryTarget.tensor.base + queryStart, ldc: queryStride)
        }
        if let keyTarget {
            let dk = keyTarget.tensor.base + keyStart
            BLAS.multiply(
                m: n, n: d, k: m, a: slopes, lda: n, transposeA: true, b: q, ldb: queryStride, beta: keyTarget.beta,
                c: dk, ldc: keyStride)
            BLAS.multiply(
                m: n, n: d, k: m, a: scores, lda: n, transposeA: true, b: g, ldb: width, beta: keyTarget.beta,
                c: dk + width, ldc: keyStride)
        }
    }
}
