/// The learning rates of jobs that name none, as they are published in the documentation.
///
/// A new head alone, and adapters that begin at nothing, bear far higher rates than a pretrained trunk. Lion moves
/// every weight by the full rate and wants a fraction of AdamW's (Chen et al. 2023, section 5); plain gradient steps
/// are as small as the gradients and want a multiple.
public enum DefaultLearningRate {
    /// The rate of a task, a choice of layers and an optimizer.
    public static func value(_ task: TaskKind, _ layers: LayersSpecification, _ optimizer: OptimizerSettings.Kind)
        -> Double
    {
        let base: Double =
            switch (layers.lora != nil, layers.train) {
            case (true, _): 5e-4
            case (false, .head): 1e-3
            case (false, .all), (false, .top), (false, .patterns): task == .textEmbedding ? 2e-5 : 5e-5
            }
        return switch optimizer {
        case .adamw, .adafactor: base
        case .lion: base / 5
        case .sgd: base * 100
        }
    }
}
