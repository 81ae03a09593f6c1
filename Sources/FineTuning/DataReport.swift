public import JSON

/// What a check of the data files found, before any training.
public struct DataReport: Sendable, Hashable, JSONRepresentable {
    /// Good rows of the training file.
    public var rows = 0
    /// Rows held back for validation, or of the validation file.
    public var validationRows = 0
    /// Examples by label, in the order of the model's output.
    public var labels: [LabelCount] = []
    /// Entities by type, of tagged words; else empty.
    public var entities: [LabelCount] = []
    /// How the rows' numbers are spread, where they have any.
    public var scores: ScoreHistogram?
    /// Errors in all, also those beyond the list.
    public var errors = 0
    /// Warnings in all, also those beyond the list.
    public var warnings = 0
    /// The first findings in the order of lines, errors before warnings.
    public var findings: [Finding] = []
    /// How long the texts are.
    public var lengths: LengthHistogram?
    /// Tokens of one pass over the training examples; nil without a tokenizer.
    public var tokens: Int?
    /// The first rows.
    public var preview: [PreviewRow] = []

    /// An empty report.
    public init() {}

    /// Whether training may begin.
    public var isValid: Bool { errors == 0 }
    /// Findings that the list has no room for.
    public var unlisted: Int { errors + warnings - findings.count }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        rows = try fields.required("rows").integer(in: 0...Int.max)
        validationRows = try fields.required("validation_rows").integer(in: 0...Int.max)
        labels = try fields.required("labels").list()
        if let list = fields.optional("entities") { entities = try list.list() }
        if let histogram = fields.optional("score_histogram") { scores = try ScoreHistogram(histogram) }
        errors = try fields.required("errors").integer(in: 0...Int.max)
        warnings = try fields.required("warnings").integer(in: 0...Int.max)
        findings = try fields.required("findings").list()
        if let histogram = fields.optional("length_histogram") { lengths = try LengthHistogram(histogram) }
        tokens = try fields.optional("tokens")?.integer(in: 0...Int.max)
        preview = try fields.required("preview").list()
        try fields.finish()
    }

    /// The report as JSON; what other tasks have is left out.
    public var json: JSONValue {
        var object: JSONObject = [
            "rows": JSONValue(rows), "validation_rows": JSONValue(validationRows),
            "labels": .array(labels.map(\.json)), "errors": JSONValue(errors), "warnings": JSONValue(warnings),
            "findings": .array(findings.map(\.json)), "length_histogram": lengths?.json ?? .null,
            "tokens": JSONValue(tokens) { JSONValue($0) }, "preview": .array(preview.map(\.json)),
        ]
        for (name, value) in taskParts { object[name] = value }
        return .object(object)
    }

    /// What the reports of some tasks only have: `entities` of tagged words, `score_histogram` of numbers.
    public var taskParts: [(name: String, value: JSONValue)] {
        (entities.isEmpty ? [] : [("entities", .array(entities.map(\.json)))])
            + (scores.map { [("score_histogram", $0.json)] } ?? [])
    }
}
