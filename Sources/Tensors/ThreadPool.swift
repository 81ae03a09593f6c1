import Glibc
import Synchronization

/// A few threads that run one loop at a time together with the caller: fork, work, join.
///
/// Workers spin for some microseconds after a loop, since the next one usually follows at once, and then sleep.
/// Not reentrant: a body must not call ``run(_:_:)`` again, and only one thread may use a pool.
public final class ThreadPool {
    /// Threads that work on a loop, the caller included.
    public let threadCount: Int
    private let shared: Shared
    private var threads: [pthread_t] = []

    /// State that the workers and the caller share.
    ///
    /// `@unchecked Sendable`: `body`, `taskCount` are written by the caller only while no worker is inside a loop
    /// (`running` is 0), and are published to the workers by the release increment of `generation`.
    private final class Shared: @unchecked Sendable {
        let generation = Atomic<Int>(0)
        let nextTask = Atomic<Int>(0)
        let running = Atomic<Int>(0)
        let sleepers = Atomic<Int>(0)
        let stopped = Atomic<Bool>(false)
        var taskCount = 0
        var body: ((Int, Int) -> Void)?
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(condition, nil)
        }

        deinit {
            pthread_cond_destroy(condition)
            pthread_mutex_destroy(mutex)
            condition.deallocate()
            mutex.deallocate()
        }

        /// Takes tasks until none are left.
        func work(as worker: Int, _ body: (Int, Int) -> Void, _ taskCount: Int) {
            while true {
                let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < taskCount else { return }
                body(task, worker)
            }
        }

        /// A worker's life: waits for each new loop, works on it, says that it is done.
        func serve(as worker: Int) {
            var seen = 0
            while true {
                seen = waitForLoop(after: seen)
                if stopped.load(ordering: .acquiring) { return }
                if let body { work(as: worker, body, taskCount) }
                running.wrappingSubtract(1, ordering: .releasing)
            }
        }

        private func waitForLoop(after seen: Int) -> Int {
            for spin in 0..<20_000 {
                let now = generation.load(ordering: .acquiring)
                if now != seen { return now }
                if spin & 1023 == 1023 { sched_yield() }
            }
            pthread_mutex_lock(mutex)
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(condition, mutex) }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            pthread_mutex_unlock(mutex)
            return generation.load(ordering: .acquiring)
        }

        func announce() {
            generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
            guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
    }

    /// A pool of `threadCount` threads: the caller and `threadCount - 1` workers.
    public init(threadCount: Int) {
        precondition(threadCount >= 1, "a pool has at least one thread")
        self.threadCount = threadCount
        shared = Shared()
        for worker in 1..<max(threadCount, 1) {
            threads.append(Self.start(worker, shared))
        }
    }

    deinit {
        shared.stopped.store(true, ordering: .releasing)
        shared.announce()
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Assignment {
        let worker: Int
        let shared: Shared
        init(_ worker: Int, _ shared: Shared) {
            self.worker = worker
            self.shared = shared
        }
    }

    private static func start(_ worker: Int, _ shared: Shared) -> pthread_t {
        var thread = pthread_t()
        let assignment = Unmanaged.passRetained(Assignment(worker, shared))
        let status = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let assignment = Unmanaged<Assignment>.fromOpaque(argument).takeRetainedValue()
                assignment.shared.serve(as: assignment.worker)
                return nil
            }, assignment.toOpaque())
        guard status == 0 else {
            fatalError("cannot start thread \(worker): \(String(cString: strerror(status))); lower resources.threads")
        }
        return thread
    }

    /// Runs `body(task, worker)` for every task in `0..<taskCount`, spread over the threads, and waits for all.
    ///
    /// Which thread runs which task is not fixed: results must not depend on it. `worker` is in
    /// `0..<threadCount` and tells apart the scratch memory of the threads.
    public func run(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        guard threadCount > 1, taskCount > 1 else {
            for task in 0..<taskCount { body(task, 0) }
            return
        }
        withoutActuallyEscaping(body) { body in
            shared.body = body
            shared.taskCount = taskCount
            shared.nextTask.store(0, ordering: .relaxed)
            shared.running.store(threadCount - 1, ordering: .relaxed)
            shared.announce()
            shared.work(as: 0, body, taskCount)
            var spins = 0
            while shared.running.load(ordering: .acquiring) > 0 {
                spins += 1
                if spins > 2_000 { sched_yield() }
            }
            shared.body = nil
        }
    }
}
