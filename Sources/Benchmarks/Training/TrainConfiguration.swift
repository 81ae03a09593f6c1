import Models

/// What trains in a benchmark: shapes of all-MiniLM-L6-v2 with four classes, and a tiny model for long runs.
enum TrainConfiguration: String, CaseIterable {
    case full = "minilm-full"
    case lora = "minilm-lora"
    case top2 = "minilm-top2"
    case head = "minilm-head"
    case tiny = "tiny-full"

    /// Whether a block of the model without adapters trains.
    func trains(_ block: String) -> Bool {
        switch self {
        case .full, .tiny: true
        case .lora, .head: block == "classifier"
        case .top2: ["classifier", "pooler", "encoder.layer.4", "encoder.layer.5"].contains(block)
        }
    }

    /// The architecture.
    var shape: EncoderConfiguration {
        var shape = EncoderConfiguration()
        shape.hiddenSize = self == .tiny ? 32 : 384
        shape.layerCount = self == .tiny ? 2 : 6
        shape.intermediateSize = 4 * shape.hiddenSize
        if self == .tiny { shape.headCount = 4 }
        return shape
    }

    /// Sequences of a batch.
    var sequences: Int { self == .tiny ? 4 : 32 }

    /// Tokens of a sequence.
    var length: Int { self == .tiny ? 16 : 128 }

    /// Adapters of rank 8 at query and value.
    var adapters: LoRAConfiguration? { self == .lora ? LoRAConfiguration() : nil }
}
