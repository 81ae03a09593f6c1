internal import CKernels

/// How fast this machine moves memory: the limit of operations that do little arithmetic.
public enum MemoryRate {
    /// The rate of y ← y + x over vectors larger than any cache, on all threads of a pool at once, in GB/s; the best of some
    /// runs. Two numbers are read and one is written for each addition.
    public static func measure(on pool: ThreadPool, seconds: Double = 0.5) -> Double {
        let count = 1 << 24
        let slab = Slab(count: 2 * count)
        for index in 0..<slab.count { slab.base[index] = 1 }
        let (x, y, block) = (slab.base, slab.base + count, 1 << 18)
        var best = 0.0
        let start = Clock.now
        repeat {
            let begin = Clock.now
            pool.run(count / block) { task, _ in ck_add(block, x + task * block, y + task * block) }
            best = max(best, Double(3 * count * MemoryLayout<Float>.stride) / (Clock.now - begin) * 1e-9)
        } while Clock.now - start < seconds
        return best
    }
}
