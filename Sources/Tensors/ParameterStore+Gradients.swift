internal import CKernels

extension ParameterStore {
    /// Sets all gradients to zero.
    public func zeroGradients(on pool: ThreadPool) {
        let (base, count, block) = (gradients.base, gradients.count, 1 << 18)
        pool.run((count + block - 1) / block) { task, _ in
            let start = task * block
            (base + start).update(repeating: 0, count: min(block, count - start))
        }
    }

    /// The Euclidean norm over all gradients together; not finite when any gradient is not.
    ///
    /// Summed in double precision over fixed blocks, so that it does not depend on the number of threads.
    public func gradientNorm(on pool: ThreadPool) -> Double {
        let (base, count, block) = (gradients.base, gradients.count, Self.gradientBlock)
        return squareSums.withUnsafeMutableBufferPointer { sums in
            pool.run(sums.count) { task, _ in
                let start = task * block
                sums[task] = ck_sum_of_squares(min(block, count - start), base + start)
            }
            return sums.reduce(0, +).squareRoot()
        }
    }
}
