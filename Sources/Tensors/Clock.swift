import Glibc

/// Clocks of the system, in seconds.
enum Clock {
    /// Time that goes on steadily.
    static var now: Double { read(CLOCK_MONOTONIC) }

    /// Processor time of all threads of this process.
    static var processorTime: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
