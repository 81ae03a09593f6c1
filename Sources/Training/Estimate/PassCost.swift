internal import FineTuning

/// How often a recipe goes through the model for each example, as multiples of a plain pass.
struct PassCost {
    /// Of training, each pass forward and backward.
    let training: Double
    /// Of evaluations, each pass forward; a backward pass takes as long as two.
    let evaluation: Double
    /// Whether what enters the head is computed once and kept.
    let keepsFeatures: Bool

    init(_ recipe: Recipe) {
        let attack = recipe.strategy.adversarial
        let steps = Double(attack?.steps ?? 0)
        training =
            switch attack?.type {
            case nil, AdversarialTraining.Kind.none?: 1
            case .fgm?: 2
            case .pgd?: 1 + steps
            case .freelb?: steps
            }
        evaluation = attack == nil ? 1 : 2 + 3 * steps
        let isPooled = recipe.task.type == .textClassification || recipe.task.type == .textRegression
        keepsFeatures =
            isPooled && recipe.layers.trunkIsFrozen && recipe.strategy.dropout ?? 0 == 0
            && recipe.data.augment.allSatisfy { $0.type == .mixup } && training == 1
    }
}
