internal import FineTuning

/// Settings that the domain knows and this trainer does not carry out: refused, so that none is silently ignored.
///
/// Whoever builds one takes its line away; with the last one this file goes.
enum UnsupportedFeatures {
    /// Refuses a recipe with a setting that is not carried out.
    ///
    /// - Throws: `JobError` of code `invalid_recipe` that names the setting.
    static func refuse(_ recipe: Recipe) throws(JobError) {
        try refuse(task: recipe.task, data: recipe.data)
    }

    /// Refuses a task or data setting that is not carried out.
    ///
    /// - Throws: `JobError` of code `invalid_recipe` that names the setting.
    static func refuse(task: TaskSpecification, data: DataPipeline) throws(JobError) {
        try refuse([
            (task.type != .textClassification, "task.type"), (task.multiLabel, "task.multi_label"),
            (task.ordinal, "task.ordinal"),
            (![.auto, .jsonLines, .commaSeparated, .tabSeparated].contains(data.format), "data.format"),
            (data.header != .auto, "data.header"), (!data.augment.isEmpty, "data.augment"),
            (data.classWeights != .none, "data.class_weights"), (data.oversample != .none, "data.oversample"),
        ])
    }

    private static func refuse(_ settings: [(isAsked: Bool, path: String)]) throws(JobError) {
        if let first = settings.first(where: \.isAsked) { throw fault(first.path) }
    }

    /// The fault of a setting that is not carried out.
    static func fault(_ path: String) -> JobError {
        JobError(
            .invalidRecipe, "this worker does not carry out \(path) as given; leave it at its default", param: path)
    }
}
