import Testing

@testable import Tensors

struct ThreadPoolTests {
    @Test(arguments: [1, 2, 5])
    func `every task runs once, loop after loop`(threads: Int) {
        let pool = ThreadPool(threadCount: threads)
        for round in 0..<2_000 {
            let tasks = round % 37
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 37) { counts in
                counts.initialize(repeating: 0)
                pool.run(tasks) { task, worker in
                    precondition((0..<threads).contains(worker))
                    counts[task] += 1
                }
                #expect(counts.enumerated().allSatisfy { $1 == ($0 < tasks ? 1 : 0) })
            }
        }
    }

    @Test func `sleeping workers wake up`() {
        let pool = ThreadPool(threadCount: 3)
        for _ in 0..<3 {
            var busy = 0
            while busy < 3_000_000 { busy += 1 }
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 64) { counts in
                counts.initialize(repeating: 0)
                pool.run(64) { task, _ in counts[task] = task }
                #expect(Array(counts) == Array(0..<64))
            }
        }
    }

    @Test(arguments: [2, 3])
    func `whoever runs out of tasks sleeps until the slowest is done`(threads: Int) {
        let pool = ThreadPool(threadCount: threads)
        for round in 0..<200 {
            withUnsafeTemporaryAllocation(of: Int.self, capacity: threads) { counts in
                counts.initialize(repeating: 0)
                pool.run(threads) { task, _ in
                    let work = task == round % threads ? 100_000 : 1
                    for _ in 0..<work { counts[task] += 1 }
                }
                #expect(counts.enumerated().allSatisfy { $1 == ($0 == round % threads ? 100_000 : 1) })
            }
        }
    }
}
