public import FineTuning
public import JSON

/// A worker's answer to a ``WorkerRequest``: one line of JSON, `{"answer": …}` or `{"error": JobError}`.
public enum WorkerReply: Sendable, Hashable, JSONRepresentable {
    /// What was asked for.
    case answer(JSONValue)
    /// Why it cannot be had.
    case error(JobError)

    /// Reads a reply.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        if let error = fields.optional("error") {
            self = .error(try JobError(error))
        } else {
            self = .answer(try fields.required("answer").value)
        }
        try fields.finish()
    }

    /// The reply as JSON.
    public var json: JSONValue {
        switch self {
        case .answer(let value): ["answer": value]
        case .error(let error): ["error": error.json]
        }
    }
}
