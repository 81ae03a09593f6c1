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
    /// A thread takes a task by counting `tasks` down, and a loop is over when all its tasks are done: nobody waits for a
    /// worker that has taken none, because another program has its processor.
    ///
    /// `@unchecked Sendable`: `body` and `taskCount` are written by the caller only while no task is taken and not done, and
    /// read only by who has taken one; the release of `tasks` publishes them to whoever takes the first.
    private final class Shared: @unchecked Sendable {
        /// Looks at a counter before going to sleep: about 20 µs, less than it takes to sleep and be woken.
        static let spins = 20_000
        /// The lower half of `tasks`.
        private static let leftMask = 0xFFFF_FFFF

        /// The number of the loop in the upper half, the tasks of it that nobody has taken in the lower: a worker that comes
        /// late cannot take a task of another loop than the one it saw.
        private let tasks = Atomic<Int>(0)
        /// Tasks that are not done.
        private let pending = Atomic<Int>(0)
        private let sleepers = Atomic<Int>(0)
        private let callerSleeps = Atomic<Bool>(false)
        private let stopped = Atomic<Bool>(false)
        private var taskCount = 0
        private var body = ck_loop_body()
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let announced = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private let finished = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

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

        /// Does a loop together with the workers that have time.
        func run(_ taskCount: Int, _ body: ck_loop_body) {
            precondition(taskCount <= Self.leftMask, "a loop has fewer than 2³² tasks")
            (self.body, self.taskCount) = (body, taskCount)
            pending.store(taskCount, ordering: .relaxed)
            let loop = (tasks.load(ordering: .relaxed) >> 32) &+ 1
            tasks.store(loop << 32 | taskCount, ordering: .sequentiallyConsistent)
            wake()
            work(as: 0)
            waitForTasks()
        }

        /// A worker's life: waits for tasks and does them.
        func serve(as worker: Int) {
            while waitForLoop() { work(as: worker) }
        }

        /// Lets the workers end.
        func stop() {
            stopped.store(true, ordering: .sequentiallyConsistent)
            wake()
        }

        /// Takes tasks until none are left.
        private func work(as worker: Int) {
            while let task = take() {
                ck_call(body, task, worker)
                if pending.wrappingSubtract(1, ordering: .sequentiallyConsistent).newValue == 0 { wakeCaller() }
            }
        }

        /// The next task that nobody has taken; nil when there is none.
        private func take() -> Int? {
            var seen = tasks.load(ordering: .acquiring)
            while seen & Self.leftMask > 0 {
                let (exchanged, now) = tasks.weakCompareExchange(
                    expected: seen, desired: seen - 1, successOrdering: .acquiringAndReleasing,
                    failureOrdering: .acquiring)
                if exchanged { return taskCount - (seen & Self.leftMask) }
                seen = now
            }
            return nil
        }

        private func wakeCaller() {
            guard callerSleeps.load(ordering: .sequentiallyConsistent) else { return }
            pthread_mutex_lock(mutex)
            pthread_cond_signal(finished)
            pthread_mutex_unlock(mutex)
        }

        /// Returns when all tasks are done.
        private func waitForTasks() {
            for _ in 0..<Self.spins {
                if pending.load(ordering: .acquiring) == 0 { return }
            }
            pthread_mutex_lock(mutex)
            callerSleeps.store(true, ordering: .sequentiallyConsistent)
            while pending.load(ordering: .sequentiallyConsistent) > 0 { pthread_cond_wait(finished, mutex) }
            callerSleeps.store(false, ordering: .relaxed)
            pthread_mutex_unlock(mutex)
        }

        /// Whether there are tasks to take, or may be; false when there will be none any more.
        private func waitForLoop() -> Bool {
            for _ in 0..<Self.spins {
                if stopped.load(ordering: .acquiring) { return false }
                if tasks.load(ordering: .acquiring) & Self.leftMask > 0 { return true }
            }
            pthread_mutex_lock(mutex)
            sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
            while tasks.load(ordering: .sequentiallyConsistent) & Self.leftMask == 0,
                !stopped.load(ordering: .sequentiallyConsistent)
            {
                pthread_cond_wait(announced, mutex)
            }
            sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            pthread_mutex_unlock(mutex)
            return !stopped.load(ordering: .acquiring)
        }

        private func wake() {
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
        shared.stop()
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
    /// Asks for no memory, unlike `withoutActuallyEscaping`, which copies a context in every loop: the workers see `body`
    /// where it lies on the caller's stack. Never inlined, so that the compiler keeps what `body` refers to until they are
    /// done.
    @inline(never)
    public func run(_ taskCount: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
        guard threadCount > 1, taskCount > 1 else {
            for task in 0..<taskCount { body(task, 0) }
            return
        }
        var pointers = ck_loop_body()
        takeLoopBody(body, &pointers)
        shared.run(taskCount, pointers)
    }
}
