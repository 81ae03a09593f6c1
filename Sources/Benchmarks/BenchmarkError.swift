/// A measurement that came to nothing.
enum BenchmarkError: Error, CustomStringConvertible {
    /// A training step gave no usable numbers.
    case diverged(step: Int, loss: Float, gradientNorm: Double)
    /// The load generator did not run.
    case loadGenerator(path: String, reason: String)
    /// The server that was to be measured does not answer as it must.
    case server(String, reason: String)

    var description: String {
        switch self {
        case .diverged(let step, let loss, let norm):
            "step \(step) gave loss \(loss) and gradient norm \(norm): the kernels are wrong on this processor"
        case .loadGenerator(let path, let reason):
            "\(path) \(reason); install wrk, or give its path with --wrk"
        case .server(let origin, let reason): "the server \(origin): \(reason)"
        }
    }
}
