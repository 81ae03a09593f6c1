public import FineTuning
public import JSON

/// What a worker found when it began.
public struct RunStart: Sendable, Hashable, JSONRepresentable {
    /// The labels in the order of the output.
    public var labels: [String]
    /// Optimizer steps in all.
    public var totalSteps: Int
    /// The step of the checkpoint that it goes on from; nil where it begins anew.
    public var resumedFromStep: Int?
    /// Training examples.
    public var trainingRows: Int
    /// Validation examples.
    public var validationRows: Int
    /// Parameters in all.
    public var parameters: Int
    /// Parameters that may change.
    public var trainableParameters: Int
    /// Both by block, from the embeddings to the head.
    public var blocks: [BlockParameters]

    /// A start.
    public init(
        labels: [String], totalSteps: Int, resumedFromStep: Int?, trainingRows: Int, validationRows: Int,
        parameters: Int, trainableParameters: Int, blocks: [BlockParameters] = []
    ) {
        self.labels = labels
        self.totalSteps = totalSteps
        self.resumedFromStep = resumedFromStep
        self.trainingRows = trainingRows
        self.validationRows = validationRows
        self.parameters = parameters
        self.trainableParameters = trainableParameters
        self.blocks = blocks
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        labels = []
        for label in try fields.required("labels").elements() { labels.append(try label.string()) }
        totalSteps = try fields.required("total_steps").integer(in: 0...Int.max)
        resumedFromStep = try fields.optional("resumed_from_step")?.integer(in: 0...Int.max)
        trainingRows = try fields.required("training_rows").integer(in: 0...Int.max)
        validationRows = try fields.required("validation_rows").integer(in: 0...Int.max)
        parameters = try fields.required("parameters").integer(in: 0...Int.max)
        trainableParameters = try fields.required("trainable_parameters").integer(in: 0...Int.max)
        blocks = try fields.optional("blocks")?.list() ?? []
        try fields.finish()
    }

    /// The start as JSON.
    public var json: JSONValue {
        [
            "labels": .array(labels.map { .string($0) }), "total_steps": JSONValue(totalSteps),
            "resumed_from_step": JSONValue(resumedFromStep) { JSONValue($0) },
            "training_rows": JSONValue(trainingRows), "validation_rows": JSONValue(validationRows),
            "parameters": JSONValue(parameters), "trainable_parameters": JSONValue(trainableParameters),
            "blocks": .array(blocks.map(\.json)),
        ]
    }
}
