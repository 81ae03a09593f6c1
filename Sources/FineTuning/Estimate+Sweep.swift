extension Estimate {
    /// The estimate of a request whose own run this is that of: for a sweep, all trials one after another.
    public func of(_ request: JobRequest) -> Estimate {
        guard let sweep = request.sweep else { return self }
        return repeated(sweep, recipe: request.recipe, epochs: request.points.map(\.recipe.hyperparameters.epochs))
    }

    /// What all trials of a sweep will ask for one after another.
    ///
    /// - Parameters:
    ///   - recipe: the one that this is the estimate of.
    ///   - epochs: of each setting.
    public func repeated(_ sweep: Sweep, recipe: Recipe, epochs: [Int]) -> Estimate {
        let own = recipe.hyperparameters.epochs
        let rungs = sweep.halving?.rungs(points: epochs.count, epochs: own)
        let total = rungs?.reduce(0) { $0 + $1.trials * $1.epochs } ?? epochs.reduce(0, +)
        return repeated(
            share: Double(total) / Double(own), runs: rungs?.reduce(0) { $0 + $1.trials } ?? epochs.count)
    }
}
