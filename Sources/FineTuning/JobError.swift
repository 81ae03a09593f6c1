public import JSON

/// Why a job failed: what happened, where, and what to do.
public struct JobError: Error, Sendable, Hashable, JSONRepresentable, CustomStringConvertible {
    /// The kinds of failures.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The training or validation file has faults.
        case invalidTrainingFile = "invalid_training_file"
        /// The model's directory cannot be read, or does not fit the task.
        case invalidModel = "invalid_model"
        /// The recipe asks for something that this model or file cannot give.
        case invalidRecipe = "invalid_recipe"
        /// The loss or a gradient was not finite, or every gradient was zero.
        case diverged
        /// The worker process ended without a word, more often than it is retried.
        case workerDied = "worker_died"
        /// The worker ran out of memory.
        case outOfMemory = "out_of_memory"
        /// The disk is full.
        case diskFull = "disk_full"
        /// So many questions wait for worker processes that no more are taken.
        case busy
        /// A fault of this program.
        case internalError = "internal_error"

        /// Whether another attempt may go better: faults of the machine, never of the data or the recipe.
        public var isRetryable: Bool {
            switch self {
            case .workerDied, .outOfMemory, .diskFull, .busy: true
            case .invalidTrainingFile, .invalidModel, .invalidRecipe, .diverged, .internalError: false
            }
        }
    }

    /// The kind of failure.
    public var code: Code
    /// What happened, where, and what to do.
    public var message: String
    /// The request's field that it is about.
    public var param: String?

    /// An error.
    public init(_ code: Code, _ message: String, param: String? = nil) {
        self.code = code
        self.message = message
        self.param = param
    }

    /// Reads `{"code", "message", "param"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        code = try fields.required("code").choice()
        message = try fields.required("message").string()
        param = try fields.optional("param")?.string()
        try fields.finish()
    }

    /// The error as JSON.
    public var json: JSONValue {
        ["code": .string(code.rawValue), "message": .string(message), "param": JSONValue(param) { .string($0) }]
    }

    /// The message.
    public var description: String { message }
}
