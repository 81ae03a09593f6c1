internal import Datasets
public import FineTuning
internal import JSON
public import Models
internal import RunDirectory
internal import Tensors

/// Vectors of texts that lie near one another where the texts mean the same.
///
/// The losses are those of sentence-transformers over cosines: `MultipleNegativesRankingLoss` with scale
/// 1 / temperature, `TripletLoss` with the cosine distance, `CosineSimilarityLoss`.
public final class TextEmbeddingTask: EncoderTask {
    /// The model, its examples, and how it is written.
    public let assembly: EncoderAssembly
    private let objective: EmbeddingObjective
    /// Groups that share a batch in training, and so in evaluations.
    private let batchSize: Int

    init(_ assembly: EncoderAssembly, _ recipe: Recipe) {
        self.assembly = assembly
        objective = recipe.task.embedding ?? EmbeddingObjective()
        batchSize = recipe.hyperparameters.batchSize
    }

    /// Groups to train on.
    public func prepare(_ examples: [Int], at moment: TrainingMoment) -> EmbeddingBatch {
        let groups = examples.map { example in
            training.sequences(of: example).enumerated().map {
                changes.changed($1, epoch: moment.epoch, example: example, part: $0)
            }
        }
        return batch(groups, scores: scores(training, examples))
    }

    /// Groups to evaluate on.
    public func prepareValidation(_ examples: [Int]) -> EmbeddingBatch {
        batch(examples.map { validation.sequences(of: $0) }, scores: scores(validation, examples))
    }

    private func scores(_ data: Examples, _ examples: [Int]) -> [Float] {
        objective.loss == .cosine ? examples.map { data.score(of: $0) } : []
    }

    private func batch(_ groups: [[TokenSequence]], scores: [Float]) -> EmbeddingBatch {
        let withNegative = groups.indices.filter { groups[$0].count > 2 }
        let sequences = groups.map { $0[0] } + groups.map { $0[1] } + withNegative.map { groups[$0][2] }
        return EmbeddingBatch(
            packed: PackedBatch(sequences), exampleCount: groups.count, withNegative: withNegative, scores: scores)
    }

    /// The mean loss over the groups.
    public func loss(_ batch: EmbeddingBatch, _ conditions: ForwardConditions) throws -> BatchLoss {
        let loss = try record(batch, conditions).loss
        return BatchLoss(value: loss.value, perExample: loss.rows.elements)
    }

    private func record(
        _ batch: EmbeddingBatch, _ conditions: ForwardConditions
    ) throws -> (vectors: Value, loss: Loss) {
        model.begin(conditions)
        let output = try model.output(batch.packed)
        let vectors = objective.normalize ? output : tape.normalizeRows(output)
        let anchors = tape.gatherRows(vectors, batch.anchors)
        switch objective.loss {
        case .inBatchNegatives:
            let candidates = tape.gatherRows(vectors, batch.candidates)
            return (
                vectors,
                tape.inBatchNegatives(
                    anchors: anchors, candidates: candidates, temperature: Float(objective.temperature))
            )
        case .triplet:
            return (
                vectors,
                tape.triplet(
                    anchors: anchors, positives: tape.gatherRows(vectors, batch.positives),
                    negatives: tape.gatherRows(vectors, batch.negatives), distance: .cosine,
                    margin: Float(objective.margin))
            )
        case .cosine:
            return (
                vectors,
                tape.cosineScores(anchors, tape.gatherRows(vectors, batch.positives), scores: batch.scores)
            )
        }
    }

    /// The mean loss over batches of the training's size in the order of the data, and how well texts find one another.
    public func evaluate(step: Int, epoch: Double) throws -> Evaluation {
        var report = EmbeddingReport(width: model.configuration.hiddenSize)
        var losses: [Float] = []
        for start in stride(from: 0, to: validationCount, by: batchSize) {
            let batch = prepareValidation(Array(start..<min(start + batchSize, validationCount)))
            let (vectors, loss) = try record(batch, .evaluation)
            losses += loss.rows.elements
            let (values, size) = (vectors.tensor.elements, batch.exampleCount * report.width)
            try FiniteAnswers.require(values, step: step)
            report.anchors += values[0..<size]
            report.positives += values[size..<(2 * size)]
            report.negatives += values[(2 * size)...]
            report.withNegative += batch.withNegative.map { start + $0 }
        }
        let mean = losses.reduce(0) { $0 + Double($1) } / Double(max(1, losses.count))
        var evaluation = Evaluation(step: step, epoch: epoch, validLoss: mean, metrics: metrics(report))
        let cosines = report.cosines
        if objective.loss == .cosine {
            evaluation.scores = ScoreSample(
                answers: cosines, truth: (0..<validationCount).map { validation.score(of: $0) })
        }
        evaluation.worstExamples = worstExamples(losses) { place in
            (objective.loss == .cosine ? "\(validation.score(of: place))" : "1", "\(cosines[place])")
        }
        return evaluation
    }

    private func metrics(_ report: EmbeddingReport) -> MetricTable {
        var metrics = MetricTable()
        let cosines = report.cosines
        if objective.loss == .cosine {
            let truth = (0..<validationCount).map { Double(validation.score(of: $0)) }
            metrics[.spearman] = Correlation.spearman(cosines.map(Double.init), truth)
            metrics[.pearson] = Correlation.pearson(cosines.map(Double.init), truth)
            return metrics
        }
        let scores = report.retrieval(sameText: sameText, on: tape)
        metrics[.recallAt1] = scores.recall(at: 1)
        metrics[.recallAt5] = scores.recall(at: 5)
        metrics[.recallAt10] = scores.recall(at: 10)
        metrics[.meanReciprocalRank] = scores.meanReciprocalRank
        if objective.loss == .triplet {
            let right = zip(report.withNegative, report.negativeCosines).count { cosines[$0] > $1 }
            metrics[.accuracy] = Double(right) / Double(max(1, report.withNegative.count))
        }
        return metrics
    }

    /// A number for each validation group, equal where the positives are the same text.
    private var sameText: [Int] {
        var numbers: [[Int32]: Int] = [:]
        return (0..<validationCount).map { example in
            let text = validation.sequences(of: example)[1].ids
            let number = numbers[text] ?? numbers.count
            numbers[text] = number
            return number
        }
    }

    /// A training group.
    public func describe(_ example: Int, answer: Float?) -> ExampleDescription {
        ExampleDescription(
            line: training.line(of: example),
            label: objective.loss == .cosine ? JSONValue(training.score(of: example)) : .null,
            text: training.snippet(of: example))
    }

    /// What a model card says of a sentence encoder.
    public var card: TaskCard {
        TaskCard(
            pipelineTag: "sentence-similarity", library: "sentence-transformers", title: "Sentence encoder",
            usage: "Vectors of texts with `sentence-transformers`: `SentenceTransformer(\"…\").encode([\"…\"])`; "
                + "texts that mean the same have a high cosine.",
            lines: [
                "Task: a vector of \(model.configuration.hiddenSize) numbers for a text, "
                    + "\(model.head.pooling?.rawValue ?? "mean") pooling"
            ])
    }
}
