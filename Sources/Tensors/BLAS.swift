internal import COpenBLAS

/// Matrix products by OpenBLAS, on the calling thread only: our own pool decides who computes what.
enum BLAS {
    /// Keeps OpenBLAS from starting threads of its own; evaluated once a process.
    static let isSingleThreaded: Bool = {
        openblas_set_num_threads(1)
        return true
    }()

    /// C ← alpha·op(A)·op(B) + beta·C for row-major matrices.
    ///
    /// - Parameters:
    ///   - a: op(A) is (m × k); rows of A as stored are `lda` floats apart. The same holds for `b` (k × n) and `c` (m × n).
    ///   - transposeA: op(A) = Aᵀ, A being stored as (k × m).
    ///   - transposeB: op(B) = Bᵀ, B being stored as (n × k).
    static func multiply(
        m: Int, n: Int, k: Int, alpha: Float = 1, a: UnsafePointer<Float>, lda: Int, transposeA: Bool = false,
        b: UnsafePointer<Float>, ldb: Int, transposeB: Bool = false, beta: Float = 0, c: UnsafeMutablePointer<Float>,
        ldc: Int
    ) {
        guard m > 0, n > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            blasint(m), blasint(n), blasint(k), alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }
}
