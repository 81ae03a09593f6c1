import Glibc
import POSIX

/// The threads on which handlers run, apart from Swift's concurrency pool.
///
/// That pool has one thread a core, and a thread that waits for a disk, or computes, is missing to everyone: on two
/// cores two such handlers would leave every other request unanswered. Here a few run at once, and where all of them
/// stand still while work waits, `relieve` lets more begin. Threads are started when needed and end when idle.
///
/// `@unchecked Sendable`: every variable is read and written with `mutex` held.
final class HandlerExecutor: TaskExecutor, @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var jobs: [UnownedJob] = []
    private var firstJob = 0
    /// How many jobs were begun, by which a standstill is seen.
    private var begun = 0
    private var begunAtRelief = 0
    private var reliefAt: UInt64 = 0
    private var threads = 0
    private var idle = 0
    /// Idle threads that were told to go on and have not seen it yet.
    private var wakeUps = 0
    /// Threads that are being started.
    private var starting = 0
    /// How many threads may be at work.
    private var width: Int
    private let usualWidth: Int
    private let greatestWidth: Int

    /// How long a thread waits for work before it ends, in seconds.
    private static let patience = 5
    /// How often a standstill is looked for, in milliseconds.
    private static let reliefInterval: UInt64 = 200

    /// - Parameters:
    ///   - width: threads at work while work gets done.
    ///   - greatestWidth: threads at work where it does not.
    init(width: Int, greatestWidth: Int) {
        usualWidth = width
        self.width = width
        self.greatestWidth = max(width, greatestWidth)
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        // No thread is left: each holds a reference.
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let needsThread = locked {
            jobs.append(job)
            return callForThread()
        }
        if needsThread { startThread() }
    }

    /// Looks whether anything was begun since the last time; lets twice as many threads work where nothing was.
    ///
    /// - Parameter now: milliseconds of the monotonic clock.
    func relieve(now: UInt64) {
        let needsThread = locked {
            guard now >= reliefAt + Self.reliefInterval else { return false }
            reliefAt = now
            defer { begunAtRelief = begun }
            let waiting = jobs.count - firstJob
            if waiting == 0 || begun != begunAtRelief {
                if threads - idle <= usualWidth { width = usualWidth }
                return false
            }
            width = min(2 * width, greatestWidth)
            return callForThread()
        }
        if needsThread { startThread() }
    }

    /// Wakes a thread for work that waits, or counts a new one, where one more may be at work.
    ///
    /// Only one is on its way at a time; it calls for the next where there is work for two. So a burst of short work
    /// does not wake all of them for nothing.
    ///
    /// - Returns: whether the caller has to start a thread.
    private func callForThread() -> Bool {
        if threads - idle >= width || wakeUps + starting > 0 { return false }
        if idle > 0 {
            idle -= 1
            wakeUps += 1
            pthread_cond_signal(condition)
            return false
        }
        threads += 1
        starting += 1
        return true
    }

    private func startThread() {
        PlatformThread.detach(name: "http handler", stackSize: 2 << 20) { [self] in work() }
    }

    private func work() {
        pthread_mutex_lock(mutex)
        starting -= 1
        while true {
            while firstJob < jobs.count, threads - idle <= width {
                let job = takeJob()
                let needsThread = firstJob < jobs.count && callForThread()
                pthread_mutex_unlock(mutex)
                if needsThread { startThread() }
                job.runSynchronously(on: asUnownedTaskExecutor())
                pthread_mutex_lock(mutex)
            }
            if !waitForWork() { break }
        }
        pthread_mutex_unlock(mutex)
    }

    private func takeJob() -> UnownedJob {
        let job = jobs[firstJob]
        firstJob += 1
        begun += 1
        if firstJob == jobs.count {
            jobs.removeAll(keepingCapacity: jobs.capacity <= 4096)
            firstJob = 0
        } else if firstJob >= 1024, firstJob * 2 > jobs.count {
            jobs.removeFirst(firstJob)
            firstJob = 0
        }
        return job
    }

    /// - Returns: whether the thread is to go on; otherwise it is no longer counted.
    private func waitForWork() -> Bool {
        idle += 1
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += Self.patience
        while wakeUps == 0 {
            if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT, wakeUps == 0 {
                idle -= 1
                threads -= 1
                return false
            }
        }
        wakeUps -= 1
        return true
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
