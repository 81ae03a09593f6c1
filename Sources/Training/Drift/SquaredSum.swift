/// Sums of squares of long vectors: eight at a time in single precision, the sums of short stretches in double precision.
enum SquaredSum {
    private static let stretch = 1024

    /// Σ x²
    static func of(_ x: UnsafeBufferPointer<Float>) -> Double {
        sum(x.count) {
            vector(x, $0)
        } one: {
            x[$0]
        }
    }

    /// Σ (x - y)², of two vectors of the same length.
    static func ofDifference(_ x: UnsafeBufferPointer<Float>, _ y: UnsafeBufferPointer<Float>) -> Double {
        precondition(x.count == y.count, "\(x.count) and \(y.count) elements")
        return sum(x.count) {
            vector(x, $0) - vector(y, $0)
        } one: {
            x[$0] - y[$0]
        }
    }

    private static func vector(_ x: UnsafeBufferPointer<Float>, _ start: Int) -> SIMD8<Float> {
        UnsafeRawPointer(x.baseAddress! + start).loadUnaligned(as: SIMD8<Float>.self)
    }

    @inline(__always)
    private static func sum(_ count: Int, _ eight: (Int) -> SIMD8<Float>, one: (Int) -> Float) -> Double {
        var (total, start) = (0.0, 0)
        while start + 8 <= count {
            let end = min(start + stretch, count / 8 * 8)
            var partial = SIMD8<Float>()
            while start < end {
                let x = eight(start)
                partial += x * x
                start += 8
            }
            total += Double(partial.sum())
        }
        return (start..<count).reduce(total) { $0 + Double(one($1)) * Double(one($1)) }
    }
}
