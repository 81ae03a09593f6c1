internal import COpenBLAS

/// How fast this machine multiplies matrices: the limit that training is measured against.
public enum MatrixProductRate {
    /// The library that multiplies, as it names itself, with the kernels that it chose for this processor.
    public static var library: String { String(cString: openblas_get_config()) }

    /// The rate of single-precision products, in GFLOP/s.
    public struct Rate: Sendable, Hashable {
        /// Of all threads of a pool at once, by the clock; the best of some runs.
        public let perSecond: Double
        /// In a second of the processor time of one thread: what other work on the machine disturbs least.
        public let perProcessorSecond: Double
    }

    /// Measures products on all threads of a pool at once.
    ///
    /// Each thread multiplies (1024 × 384) by (384 × 1536), a shape of the feed-forward layers of a small encoder.
    public static func measure(on pool: ThreadPool, seconds: Double = 0.5) -> Rate {
        precondition(BLAS.isSingleThreaded)
        let (m, n, k) = (1024, 1536, 384)
        let perThread = m * k + n * k + m * n
        let slab = Slab(count: perThread * pool.threadCount)
        for index in 0..<slab.count { slab.base[index] = Float(index % 17) * 0.125 - 1 }
        var (best, bestOfProcessor) = (0.0, 0.0)
        let start = Clock.now
        repeat {
            let (begin, processorBegin) = (Clock.now, Clock.processorTime)
            pool.run(pool.threadCount * 4) { _, worker in
                let a = slab.base + worker * perThread
                BLAS.multiply(
                    m: m, n: n, k: k, a: a, lda: k, b: a + m * k, ldb: k, transposeB: true, c: a + m * k + n * k,
                    ldc: n)
            }
            let operations = Double(pool.threadCount * 4) * 2 * Double(m) * Double(n) * Double(k)
            best = max(best, operations / (Clock.now - begin) * 1e-9)
            bestOfProcessor = max(bestOfProcessor, operations / (Clock.processorTime - processorBegin) * 1e-9)
        } while Clock.now - start < seconds
        return Rate(perSecond: best, perProcessorSecond: bestOfProcessor)
    }
}
