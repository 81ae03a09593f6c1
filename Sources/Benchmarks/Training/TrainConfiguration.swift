import Models

/// What trains in a benchmark: shapes of all-MiniLM-L6-v2 with four classes.
enum TrainConfiguration: String, CaseIterable {
    case full = "minilm-full"
    case lora = "minilm-lora"
    case top2 = "minilm-top2"
    case head = "minilm-head"

    /// Whether a block of the model without adapters trains.
    func trains(_ block: String) -> Bool {
        switch self {
        case .full: true
        case .lora, .head: block == "classifier"
        case .top2: ["classifier", "pooler", "encoder.layer.4", "encoder.layer.5"].contains(block)
        }
    }

    /// Adapters of rank 8 at query and value.
    var adapters: LoRAConfiguration? { self == .lora ? LoRAConfiguration() : nil }

    /// Whether nothing below the head trains, so that what enters it can be kept.
    var keepsFeatures: Bool { self == .head }
}
