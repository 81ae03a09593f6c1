import Models

/// The floating-point operations that a training step cannot do without: those of its matrix products.
struct Workload {
    let configuration: TrainBenchmark.Configuration
    let shape: EncoderConfiguration
    let batch: Int
    let length: Int

    /// Operations of one step, forward and backward.
    ///
    /// Of the last layer only keys and values are needed for all tokens, the rest for the first token of each sequence.
    var operations: Double {
        let trained = (0..<shape.layerCount).filter { configuration.trains("encoder.layer.\($0)") }
        let lowest = configuration.trains("embeddings") ? -1 : trained.first ?? shape.layerCount
        return (0..<shape.layerCount).reduce(0) { sum, layer in
            let rows = Double(batch * length)
            let (h, i) = (Double(shape.hiddenSize), Double(shape.intermediateSize))
            let queries = layer == shape.layerCount - 1 ? Double(batch) : rows
            let input = 2 * h * h * (queries + 2 * rows)
            let rest = 2 * queries * (h * h + 2 * h * i)
            let attention = 4 * queries * Double(length) * h
            let forward = input + rest + attention
            if layer < lowest { return sum + forward }
            // Twice the forward pass, but the lowest trained layer passes no gradient further down.
            return sum + 3 * forward - (layer == lowest ? input : 0)
        }
    }
}
