public import FineTuning
public import JSON

/// `recipe.json`: all that a worker needs to know, written by the daemon before it launches the worker.
public struct RunRecipe: Sendable, Hashable, JSONRepresentable {
    /// The version of this file's format.
    public static let formatVersion = 1

    /// The job.
    public var jobID: String
    /// The attempt.
    public var attempt: Int
    /// The resolved five parts.
    public var recipe: Recipe
    /// The pretrained model's directory; absolute path.
    public var modelDirectory: String
    /// The training file.
    public var trainingFile: DataFile
    /// The validation file.
    public var validationFile: DataFile?
    /// Where checkpoints go, absolute or relative to the run directory; all attempts of a job share it. It holds the
    /// lock too, as this is what two workers must never write at once.
    public var checkpointsDirectory: String
    /// Bytes of memory that the worker may have for its data; nil where it was granted no certain amount.
    public var memoryBytes: Int?

    /// A run's recipe.
    public init(
        jobID: String, attempt: Int, recipe: Recipe, modelDirectory: String, trainingFile: DataFile,
        validationFile: DataFile?, checkpointsDirectory: String = "checkpoints", memoryBytes: Int? = nil
    ) {
        self.jobID = jobID
        self.attempt = attempt
        self.recipe = recipe
        self.modelDirectory = modelDirectory
        self.trainingFile = trainingFile
        self.validationFile = validationFile
        self.checkpointsDirectory = checkpointsDirectory
        self.memoryBytes = memoryBytes
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        let version = try fields.required("format_version")
        guard try version.integer() == Self.formatVersion else {
            throw version.fault("expected \(Self.formatVersion): the daemon and the worker are of different versions")
        }
        jobID = try fields.optional("job_id")?.string() ?? "local"
        attempt = try fields.optional("attempt")?.integer(in: 1...Int.max) ?? 1
        recipe = try Recipe(fields.required("recipe"))
        modelDirectory = try fields.required("model_directory").string()
        trainingFile = try DataFile(fields.required("training_file"))
        if let file = fields.optional("validation_file") { validationFile = try DataFile(file) }
        checkpointsDirectory = try fields.optional("checkpoints_directory")?.string() ?? "checkpoints"
        memoryBytes = try fields.optional("memory_bytes")?.integer(in: 1...Int.max)
        try fields.finish()
        // A daemon has refused such recipes long before; one written by hand has not been looked at.
        do throws(JSONFault) {
            try recipe.requireSense(hasValidationFile: validationFile != nil)
        } catch {
            throw JSONFault(
                error.kind, path: "\(cursor.path.isEmpty ? "" : cursor.path + ".")recipe.\(error.path)", error.message)
        }
    }

    /// The recipe as JSON.
    public var json: JSONValue {
        [
            "format_version": JSONValue(Self.formatVersion), "job_id": .string(jobID), "attempt": JSONValue(attempt),
            "recipe": recipe.json, "model_directory": .string(modelDirectory), "training_file": trainingFile.json,
            "validation_file": validationFile?.json ?? .null, "checkpoints_directory": .string(checkpointsDirectory),
            "memory_bytes": JSONValue(memoryBytes) { JSONValue($0) },
        ]
    }
}
