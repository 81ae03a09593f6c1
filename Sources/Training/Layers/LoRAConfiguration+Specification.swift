internal import FineTuning
internal import Models

extension LoRAConfiguration {
    /// The adapters that a recipe asks for.
    init(_ specification: LoRASpecification) {
        let targets: LoRATargets =
            switch specification.targets {
            case .auto: .auto
            case .patterns(let patterns): .patterns(patterns)
            }
        self.init(
            rank: specification.rank, alpha: specification.alpha, dropout: Float(specification.dropout),
            targets: targets, stabilizesRank: specification.rankStabilized, hasMagnitude: specification.dora)
    }
}
