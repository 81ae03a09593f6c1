internal import FineTuning

/// How often a recipe goes through the model for each example, as multiples of a plain pass.
struct PassCost {
    /// Of training, each pass forward and backward.
    let training: Double
    /// Of evaluations, each pass forward; a backward pass takes as long as two.
    let evaluation: Double

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
    }
}
