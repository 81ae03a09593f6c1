internal import COpenBLAS
import Glibc

/// How fast this machine multiplies matrices: the limit that training is measured against.
public enum MatrixProductRate {
    /// The library that multiplies, as it names itself, with the kernels that it chose for this processor.
    public static var library: String { String(cString: openblas_get_config()) }

    /// The rate of single-precision products on all threads of a pool at once, in GFLOP/s; the best of some runs.
    ///
    /// Each thread multiplies (1024 × 384) by (384 × 1536), a shape of the feed-forward layers of a small encoder.
    public static func measure(on pool: ThreadPool, seconds: Double = 0.5) -> Double {
        precondition(BLAS.isSingleThreaded)
        let (m, n, k) = (1024, 1536, 384)
        let perThread = m * k + n * k + m * n
        let slab = Slab(count: perThread * pool.threadCount)
        for index in 0..<slab.count { slab.base[index] = Float(index % 17) * 0.125 - 1 }
        var best = 0.0
        let start = now()
        repeat {
            let begin = now()
            pool.run(pool.threadCount * 4) { _, worker in
                let a = slab.base + worker * perThread
                BLAS.multiply(
                    m: m, n: n, k: k, a: a, lda: k, b: a + m * k, ldb: k, transposeB: true, c: a + m * k + n * k,
                    ldc: n)
            }
            let operations = Double(pool.threadCount * 4) * 2 * Double(m) * Double(n) * Double(k)
            best = max(best, operations / (now() - begin) * 1e-9)
        } while now() - start < seconds
        return best
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
