internal import CKernels
internal import Glibc
internal import Synchronization

/// The pointers of a closure, with which other threads can call it as long as the call it was passed to lasts.
@_silgen_name("ck_take_loop_body")
private func takeLoopBody(_ body: (Int, Int) -> Void, _ pointers: UnsafeMutablePointer<ck_loop_body>)

/// A few threads that run one loop at a time together with the caller: fork, work, join.
///
/// Whoever waits spins for some microseconds, since loops follow one another closely, and then sleeps: other programs,
/// and other jobs, want the processors too.
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
        /// Looks at a counter before going to sleep: about 20 µs, less than it takes to sleep and be woken.
        static let spins = 20_000

        let generation = Atomic<Int>(0)
        let nextTask = Atomic<Int>(0)
        let running = Atomic<Int>(0)
        let sleepers = Atomic<Int>(0)
        let callerSleeps = Atomic<Bool>(false)
        let stopped = Atomic<Bool>(false)
        var taskCount = 0
        var body = ck_loop_body()
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        let announced = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(announced, nil)
            pthread_cond_init(finished, nil)
        }

        deinit {
            pthread_cond_destroy(announced)
            pthread_cond_destroy(finished)
            pthread_mutex_destroy(mutex)
            announced.deallocate()
            finished.deallocate()
            mutex.deallocate()
        }

        /// Takes tasks until none are left.
        func work(as worker: Int) {
            let (body, taskCount) = (body, taskCount)
            while true {
                let task = nextTask.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < taskCount else { return }
                ck_call(body, task, worker)
            }
        }

        /// A worker's life: waits for each new loop, works on it, says that it is done.
        func serve(as worker: Int) {
            var seen = 0
            while true {
                seen = waitForLoop(after: seen)
                if stopped.load(ordering: .acquiring) { return }
                work(as: worker)
                finish()
            }
        }

        /// Counts one worker less at the loop; the last wakes the caller.
        private func finish() {
            let left = running.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue
            guard left == 0, callerSleeps.load(ordering: .sequentiallyConsistent) else { return }
            pthread_mutex_lock(mutex)
            pthread_cond_signal(finished)
            pthread_mutex_unlock(mutex)
        }

        /// Returns when no worker is inside the loop any more.
        func waitForWorkers() {
            for _ in 0..<Shared.spins {
                if running.load(ordering: .acquiring) == 0 { return }
            }
            pthread_mutex_lock(mutex)
            callerSleeps.store(true, ordering: .sequentiallyConsistent)
            while running.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(finished, mutex) }
            callerSleeps.store(false, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
        }

        private func waitForLoop(after seen: Int) -> Int {
            for _ in 0..<Shared.spins {
                let now = generation.load(ordering: .acquiring)
                if now != seen { return now }
            }
            pthread_mutex_lock(mutex)
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            while generation.load(ordering: .sequentiallyConsistent) == seen { pthread_cond_wait(announced, mutex) }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            pthread_mutex_unlock(mutex)
            return generation.load(ordering: .acquiring)
        }

        func announce() {
            generation.wrappingAdd(1, ordering: .sequentiallyConsistent)
            guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
            pthread_mutex_lock(mutex)
            pthread_cond_broadcast(announced)
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
    ///
    /// Asks for no memory: the workers see `body` where it lies on the caller's stack. Never inlined, so that the compiler
    /// keeps what `body` refers to until they are done.
    @inline(never)
    public func run(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        guard threadCount > 1, taskCount > 1 else {
            for task in 0..<taskCount { body(task, 0) }
            return
        }
        takeLoopBody(body, &shared.body)
        shared.taskCount = taskCount
        shared.nextTask.store(0, ordering: .relaxed)
        shared.running.store(threadCount - 1, ordering: .relaxed)
        shared.announce()
        shared.work(as: 0)
        shared.waitForWorkers()
    }
}
