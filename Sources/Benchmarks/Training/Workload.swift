import Models

/// The floating-point operations that a training step cannot do without: those of its matrix products.
struct Workload {
    let configuration: TrainConfiguration
    let shape: EncoderConfiguration
    let batch: Int
    let length: Int

    /// Operations of one step, forward and backward.
    ///
    /// Of the last layer only keys and values are needed for all tokens, the rest for the first token of each sequence.
    /// Below the lowest parameter that trains there is no backward pass; a frozen layer above it passes gradients on but
    /// has none of its weights. Adapters' own products, some hundredths, are not counted.
    var operations: Double {
        let adapted = configuration.adapters != nil
        let trained = (0..<shape.layerCount).filter { configuration.trains("encoder.layer.\($0)") }
        let lowest = configuration.trains("embeddings") ? -1 : adapted ? 0 : trained.first ?? shape.layerCount
        return (0..<shape.layerCount).reduce(0) { sum, layer in
            let rows = Double(batch * length)
            let (h, i) = (Double(shape.hiddenSize), Double(shape.intermediateSize))
            let queries = layer == shape.layerCount - 1 ? Double(batch) : rows
            let input = 2 * h * h * (queries + 2 * rows)
            let rest = 2 * queries * (h * h + 2 * h * i)
            let attention = 4 * queries * Double(length) * h
            guard layer >= lowest else { return sum + input + rest + attention }
            let weights = trained.contains(layer) ? 1.0 : 0
            // The lowest trained layer passes no gradient further down.
            let down = layer == lowest ? 0.0 : 1
            return sum + input * (1 + weights + down) + rest * (2 + weights) + attention * 3
        }
    }
}
