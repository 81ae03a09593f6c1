public import JSON

/// Successive halving (Jamieson and Talwalkar 2016): all settings are tried with few epochs, the best of them with
/// more, until few are left that train for all epochs.
///
/// Survivors train anew: the learning rate's way depends on the number of steps, so that a short run that went on would
/// not be what a long one is.
public struct SweepHalving: Sendable, Hashable, JSONRepresentable {
    /// One in so many settings survives a rung, and trains so many times as many epochs.
    public var factor = 3
    /// No rung has fewer epochs.
    public var minEpochs = 1

    /// The defaults.
    public init() {}

    /// Reads `{"factor", "min_epochs"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        factor = try fields.optional("factor")?.integer(in: 2...10) ?? factor
        minEpochs = try fields.optional("min_epochs")?.integer(in: 1...1000) ?? minEpochs
        try fields.finish()
    }

    /// The halving as JSON.
    public var json: JSONValue { ["factor": JSONValue(factor), "min_epochs": JSONValue(minEpochs)] }

    /// How many settings each rung tries and for how many epochs, the last for all of them.
    ///
    /// - Parameters:
    ///   - points: settings in all.
    ///   - epochs: of the last rung.
    public func rungs(points: Int, epochs: Int) -> [(trials: Int, epochs: Int)] {
        var rungs = [(trials: points, epochs: epochs)]
        while let first = rungs.first, rungs[rungs.count - 1].trials >= factor, first.epochs / factor >= minEpochs {
            rungs.insert((points, first.epochs / factor), at: 0)
            for rung in 1..<rungs.count { rungs[rung].trials = survivors(of: rungs[rung - 1].trials) }
        }
        return rungs
    }

    /// How many of a rung's settings go on.
    public func survivors(of trials: Int) -> Int { max(1, (trials + factor - 1) / factor) }
}
