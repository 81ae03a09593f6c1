import Dispatch

/// Times of a piece of work that is repeated.
struct Timing {
    private(set) var seconds: [Double] = []

    /// Runs `body` and keeps its time.
    mutating func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = DispatchTime.now().uptimeNanoseconds
        let result = try body()
        seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
        return result
    }

    /// Takes the times of another series.
    mutating func append(_ other: Timing) { seconds += other.seconds }

    /// The middle of the times.
    var median: Double { Self.median(seconds) }
    /// The shortest time: what the work takes when nothing else disturbs it.
    var best: Double { seconds.min() ?? .nan }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}
