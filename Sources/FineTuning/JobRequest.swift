public import JSON

/// What a client asks for with `POST /v1/fine_tuning/jobs`: the OpenAI fields and the five parts.
public struct JobRequest: Sendable {
    /// The training file's id.
    public let trainingFile: String
    /// The validation file's id.
    public let validationFile: String?
    /// A part of the fine-tuned model's name.
    public let suffix: String?
    /// The client's own notes.
    public let metadata: [String: String]
    /// The five parts, with every default filled in.
    public let recipe: Recipe
    /// A search over settings around this recipe, with its metric filled in.
    public let sweep: Sweep?
    /// The settings to be tried; empty without a sweep.
    public let points: [SweepPoint]

    /// Reads a request body.
    ///
    /// - Parameters:
    ///   - threads: the threads of a job that does not ask for a number.
    ///   - seed: the seed of a job that names none.
    /// - Throws: ``JSONFault`` with the path of the first unknown, missing or wrong field.
    public init(
        _ body: JSONValue, threads: Int, seed: @autoclosure () -> Int = Int.random(in: 0..<Int(Int32.max))
    ) throws(JSONFault) {
        var fields = try JSONCursor(body).fields()
        var sweep: Sweep? = try Recipe.part(fields.optional("sweep"))
        let model = try Self.name(fields.required("model"), limit: 256)
        trainingFile = try fields.required("training_file").string()
        validationFile = try fields.optional("validation_file")?.string()
        suffix = try Self.suffix(fields.optional("suffix"))
        metadata = try Self.metadata(fields.optional("metadata"))
        try Self.refuseIntegrations(fields.optional("integrations"))
        let chosenSeed = try fields.optional("seed")?.integer(in: 0...Int(Int32.max))
        let (hyperparameters, place) = try Self.hyperparameters(
            method: fields.optional("method"), legacy: fields.optional("hyperparameters"))
        recipe = Recipe(
            model: model, seed: chosenSeed ?? seed(), hyperparameters: hyperparameters,
            task: try Recipe.part(fields.optional("task")) ?? TaskSpecification(),
            layers: try Recipe.part(fields.optional("layers")) ?? LayersSpecification(),
            strategy: try Recipe.part(fields.optional("strategy")) ?? Strategy(),
            data: try Recipe.part(fields.optional("data")) ?? DataPipeline(),
            resources: try Recipe.part(fields.optional("resources")) ?? Resources(), threads: threads)
        try fields.finish()
        try recipe.requireSense(hasValidationFile: validationFile != nil)
        // One that was given is within the bounds; a multiplier can carry the default beyond them.
        let rate = recipe.strategy.learningRate ?? recipe.defaultLearningRate
        guard Strategy.learningRates.contains(rate) else {
            let bounds = Strategy.learningRates
            throw JSONFault(
                .value, path: "\(place).learning_rate_multiplier",
                "makes the learning rate \(rate); it must lie within \(bounds.lowerBound) and \(bounds.upperBound)")
        }
        let metric = sweep?.metric ?? recipe.selectionMetric
        sweep?.metric = metric
        self.sweep = sweep
        if let sweep, var single = body.object {
            single["sweep"] = nil
            points = try Self.points(
                sweep, single, base: recipe, threads: threads, hasValidationFile: validationFile != nil)
        } else {
            points = []
        }
    }

    private static func name(_ cursor: JSONCursor, limit: Int) throws(JSONFault) -> String {
        let name = try cursor.string()
        guard !name.isEmpty, name.utf8.count <= limit else { throw cursor.fault("expected 1 to \(limit) bytes") }
        return name
    }

    private static func suffix(_ cursor: JSONCursor?) throws(JSONFault) -> String? {
        guard let cursor else { return nil }
        let suffix = try cursor.string()
        let allowed = suffix.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0))
        }
        guard !suffix.isEmpty, suffix.count <= 64, allowed else {
            throw cursor.fault("expected 1 to 64 letters, digits, \"-\", \"_\" or \".\"")
        }
        return suffix
    }

    private static func metadata(_ cursor: JSONCursor?) throws(JSONFault) -> [String: String] {
        guard let cursor else { return [:] }
        guard let object = cursor.value.object else {
            throw cursor.fault("expected an object of strings, got \(cursor.value.kind)", kind: .type)
        }
        guard object.count <= 16 else { throw cursor.fault("at most 16 entries, got \(object.count)") }
        var metadata: [String: String] = [:]
        for member in object.members {
            let entry = JSONCursor(member.value, path: "\(cursor.path).\(member.name.prefix(64))")
            let value = try entry.string()
            guard member.name.count <= 64 else { throw entry.fault("a name has at most 64 characters") }
            guard value.count <= 512 else { throw entry.fault("a value has at most 512 characters") }
            metadata[member.name] = value
        }
        return metadata
    }

    private static func refuseIntegrations(_ cursor: JSONCursor?) throws(JSONFault) {
        guard let cursor, try !cursor.elements().isEmpty else { return }
        throw cursor.fault("integrations send data to other services, which this server does not do; leave it out")
    }

    /// `method.supervised.hyperparameters`, or the older top-level `hyperparameters`, and which of the two.
    private static func hyperparameters(
        method: JSONCursor?, legacy: JSONCursor?
    ) throws(JSONFault) -> (Hyperparameters, place: String) {
        var chosen = try Recipe.part(legacy) ?? Hyperparameters()
        var place = "hyperparameters"
        guard let method else { return (chosen, place) }
        var fields = try method.fields()
        let type = try fields.required("type")
        guard type.value == "supervised" else {
            throw type.fault("expected \"supervised\", got \(type.value.text.prefix(60))")
        }
        if let supervised = fields.optional("supervised") {
            var inner = try supervised.fields()
            if let own = inner.optional("hyperparameters") {
                chosen = try Hyperparameters(own)
                place = own.path
            }
            try inner.finish()
        }
        try fields.finish()
        return (chosen, place)
    }
}
