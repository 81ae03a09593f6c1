public import FineTuning
public import Models
internal import Tensors

extension PretrainedModel {
    /// The name that a model with a single number as its output gives to it, as transformers does.
    static let scoreLabel = "LABEL_0"

    /// The head that the directory has; nil where it has a trunk only.
    ///
    /// - Throws: `JobError` where the head is not whole.
    public func ownHead() throws(JobError) -> HeadConfiguration? {
        do {
            return try configuration.head(in: weights)
        } catch {
            throw JobError(cause: error)
        }
    }

    /// Which head a run begins with: the directory's own where it has the same outputs and form, unless a new one is
    /// asked for.
    ///
    /// - Parameters:
    ///   - labels: names of the outputs; empty for tasks without any.
    ///   - isResumed: whether the directory is a checkpoint of the run itself, whose head is kept in any case.
    /// - Throws: `JobError` where the directory's head or pooling is not whole.
    public func head(for recipe: Recipe, labels: [String], isResumed: Bool = false) throws(JobError) -> Head {
        let own = try ownHead()
        let sizes = recipe.task.head.hiddenSizes
        switch recipe.task.type {
        case .maskedLanguageModeling: return .kept(.maskedLanguageModel)
        case .textEmbedding:
            let normalizes = recipe.task.embedding?.normalize ?? true
            return .kept(.embedding(pooling: try embeddingPooling(recipe.task), normalizes: normalizes))
        case .tokenClassification:
            let new = HeadConfiguration.token(outputs: labels.count, hiddenSizes: sizes)
            return keeps(own, for: recipe, new, labels, isResumed) ? .kept(own ?? new) : .new(new)
        case .textClassification, .textRegression:
            let outputs = recipe.task.type == .textRegression ? 1 : labels.count
            let shape = HeadShape(pooling: try pooling(recipe, own: own), hiddenSizes: sizes)
            let new = HeadConfiguration.sequence(outputs: outputs, shape: shape)
            return keeps(own, for: recipe, new, labels, isResumed) ? .kept(own ?? new) : .new(new)
        }
    }

    /// Whether the directory's own head is the one that a run wants.
    private func keeps(
        _ own: HeadConfiguration?, for recipe: Recipe, _ wanted: HeadConfiguration, _ labels: [String],
        _ isResumed: Bool
    ) -> Bool {
        guard let own, own.outputs == wanted.outputs, own.isPooled == wanted.isPooled else { return false }
        if isResumed { return true }
        let names = recipe.task.type == .textRegression ? [Self.scoreLabel] : labels
        let meaning = recipe.task.problem
        return recipe.task.headInit == .auto && configuration.labels == names
            && (configuration.problem == meaning || configuration.problem == nil && meaning == .singleLabel)
            && own.pooling == wanted.pooling
            && (recipe.task.head.hiddenSizes.isEmpty || own.hiddenSizes == wanted.hiddenSizes)
    }

    /// How a head for whole sequences pools.
    ///
    /// Over a frozen trunk, whose first token was never trained to stand for the whole text, `auto` pools as the encoder
    /// was trained to (`1_Pooling/config.json` of sentence-transformers), else by the mean.
    private func pooling(_ recipe: Recipe, own: HeadConfiguration?) throws(JobError) -> SentencePooling {
        if let given = SentencePooling(recipe.task.head.pooling) { return given }
        if case .sequence(_, let shape) = own { return shape.pooling }
        guard recipe.layers.trunkIsFrozen else { return .cls }
        return try SentenceTransformersModules(directory: directory)?.pooling ?? .mean
    }

    /// How a sentence encoder pools: as it is asked to, else as it did so far, else by the mean.
    func embeddingPooling(_ task: TaskSpecification) throws(JobError) -> SentencePooling {
        if let given = SentencePooling(task.head.pooling) { return given }
        return try SentenceTransformersModules(directory: directory)?.pooling ?? .mean
    }

    /// The architecture with the dropout that a run trains with.
    ///
    /// A trunk that stays frozen runs without dropout unless the strategy sets one: what enters the head is then the same
    /// in every epoch, and is computed once.
    public func trainingConfiguration(for recipe: Recipe, head: HeadConfiguration) -> EncoderConfiguration {
        var configuration = configuration
        if let dropout = recipe.strategy.dropout {
            configuration.hiddenDropout = Float(dropout)
            configuration.attentionDropout = Float(dropout)
            configuration.outputDropout = Float(dropout)
        } else if recipe.layers.trunkIsFrozen {
            configuration.outputDropout = configuration.outputDropout(of: head)
            configuration.hiddenDropout = 0
            configuration.attentionDropout = 0
        }
        if let dropout = recipe.task.head.dropout { configuration.outputDropout = Float(dropout) }
        return configuration
    }

    /// The architecture that a run's checkpoints have: the model's own dropout, but for the head's where it was set.
    public func exportedConfiguration(for task: TaskSpecification) -> EncoderConfiguration {
        var configuration = configuration
        if let dropout = task.head.dropout { configuration.outputDropout = Float(dropout) }
        return configuration
    }
}

extension SentencePooling {
    /// The pooling that is asked for; nil for `auto`.
    init?(_ pooling: Pooling) {
        switch pooling {
        case .auto: return nil
        case .cls: self = .cls
        case .mean: self = .mean
        case .max: self = .max
        }
    }
}

extension TaskSpecification {
    /// What the outputs for a sequence mean; nil for other kinds of output.
    var problem: ProblemType? {
        switch type {
        case .textClassification: multiLabel ? .multiLabel : .singleLabel
        case .textRegression: .regression
        case .tokenClassification, .maskedLanguageModeling, .textEmbedding: nil
        }
    }
}

extension HeadConfiguration {
    /// Numbers a sequence or a token; nil where the trunk says how many.
    var outputs: Int? {
        switch self {
        case .sequence(let outputs, _), .token(let outputs, _): outputs
        case .maskedLanguageModel, .embedding: nil
        }
    }

    /// Widths of the layers before the output.
    var hiddenSizes: [Int] {
        switch self {
        case .sequence(_, let shape): shape.hiddenSizes
        case .token(_, let sizes): sizes
        case .maskedLanguageModel, .embedding: []
        }
    }
}
