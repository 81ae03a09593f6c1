import CAllocationCount
import Foundation

/// What this process has used so far.
struct ResourceUse {
    /// Processor time of all threads, in seconds.
    let processorSeconds: Double
    /// The most physical memory at once, in MiB.
    let peakMemory: Int
    /// Pages that were touched for the first time.
    let pageFaults: Int
    /// Calls that asked the C library for memory, on all threads.
    let allocations: Int
    /// Bytes that are allocated from the C library.
    let heapBytes: Int

    static var now: ResourceUse {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
        return ResourceUse(
            processorSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime), peakMemory: usage.ru_maxrss / 1024,
            pageFaults: usage.ru_minflt, allocations: allocation_count(),
            heapBytes: allocated_bytes())
    }
}
