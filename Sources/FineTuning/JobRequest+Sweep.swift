internal import JSON

/// The settings that a request with a sweep asks to be tried.
extension JobRequest {
    /// Every setting with its recipe, each checked like a job of its own.
    ///
    /// - Parameter body: the request without its sweep.
    /// - Throws: `JSONFault` at the parameter whose value makes no recipe.
    static func points(
        _ sweep: Sweep, _ body: JSONObject, base: Recipe, threads: Int, hasValidationFile: Bool
    ) throws(JSONFault) -> [SweepPoint] {
        try checkHalving(sweep, base)
        var points: [SweepPoint] = []
        for parameters in sweep.assignments(seed: base.seed) {
            var varied = body
            for member in parameters.members {
                set(member.value, at: names(of: member.name, in: body), in: &varied)
            }
            let recipe = try recipe(varied, parameters, threads: threads, seed: base.seed)
            try checkMetric(sweep, recipe, hasValidationFile: hasValidationFile)
            points.append(SweepPoint(parameters: parameters, recipe: recipe))
        }
        return points
    }

    private static func recipe(
        _ body: JSONObject, _ parameters: JSONObject, threads: Int, seed: Int
    ) throws(JSONFault) -> Recipe {
        do throws(JSONFault) {
            return try JobRequest(.object(body), threads: threads, seed: seed).recipe
        } catch {
            let guilty = parameters.members.first { error.path == $0.name || error.path.hasPrefix("\($0.name).") }
            let values = parameters.members.map { "\($0.name) = \($0.value.text.prefix(60))" }.joined(separator: ", ")
            throw JSONFault(
                error.kind, path: "sweep.parameters" + (guilty.map { ".\($0.name)" } ?? ""),
                "with \(values) there is no valid job: \(error)")
        }
    }

    private static func checkMetric(
        _ sweep: Sweep, _ recipe: Recipe, hasValidationFile: Bool
    ) throws(JSONFault) {
        guard hasValidationFile || recipe.data.validationSplit > 0 else {
            throw JSONFault(
                .value, path: "sweep",
                "trials are compared by validations: give a validation_file, or a data.validation_split above 0")
        }
        guard let metric = sweep.metric, !recipe.task.metrics.contains(metric) else { return }
        let names = recipe.task.metrics.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        throw JSONFault(
            .value, path: "sweep.metric", "the task has no \"\(metric.rawValue)\": expected one of \(names)")
    }

    private static func checkHalving(_ sweep: Sweep, _ base: Recipe) throws(JSONFault) {
        guard let halving = sweep.halving else { return }
        if let parameter = sweep.parameters.first(where: { $0.path.hasSuffix("n_epochs") }) {
            throw JSONFault(
                .value, path: "sweep.parameters.\(parameter.path)",
                "halving decides itself for how many epochs a setting trains; leave one of the two out")
        }
        let points = sweep.assignments(seed: base.seed).count
        guard halving.rungs(points: points, epochs: base.hyperparameters.epochs).count > 1 else {
            throw JSONFault(
                .value, path: "sweep.halving",
                "\(points) settings and \(base.hyperparameters.epochs) epochs leave nothing to give up early: with a "
                    + "factor of \(halving.factor) and min_epochs of \(halving.minEpochs) there must be at least "
                    + "\(halving.factor) settings and \(halving.factor * halving.minEpochs) epochs")
        }
    }

    /// The way to a setting in this body: hyperparameters stand where the body has them.
    private static func names(of path: String, in body: JSONObject) -> [String] {
        let names = path.split(separator: ".").map(String.init)
        let method = ["method", "supervised"]
        let older = names.first == "hyperparameters" ? names : Array(names.dropFirst(method.count))
        guard older.first == "hyperparameters", names == older || names.starts(with: method) else { return names }
        return body["method"]?["supervised"]?["hyperparameters"]?.object == nil ? older : method + older
    }

    private static func set(_ value: JSONValue, at names: [String], in object: inout JSONObject) {
        guard let name = names.first else { return }
        guard names.count > 1 else {
            object[name] = value
            return
        }
        var inner = object[name]?.object ?? JSONObject()
        set(value, at: Array(names.dropFirst()), in: &inner)
        object[name] = .object(inner)
    }
}
