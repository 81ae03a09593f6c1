import FineTuning
import HTTP
import JSON

/// A refusal as clients of the OpenAI API read it: a status and `{"error": {"message", "type", "param", "code"}}`.
struct APIError: Error, Hashable, CustomStringConvertible {
    /// The kinds of errors that clients tell apart.
    enum Kind: String {
        case invalidRequest = "invalid_request_error"
        case permission = "permission_error"
        case rateLimit = "rate_limit_error"
        case server = "server_error"
    }

    let status: Status
    let kind: Kind
    /// A word for programs, such as `unknown_field`.
    let code: String?
    /// The parameter or field that it is about.
    let param: String?
    /// What is wrong, where, and what would be right.
    let message: String
    var headers: Headers

    init(
        _ status: Status, code: String? = nil, param: String? = nil, _ message: String, kind: Kind? = nil,
        headers: Headers = [:]
    ) {
        self.status = status
        self.kind = kind ?? Self.kind(of: status)
        self.code = code
        self.param = param
        self.message = message
        self.headers = headers
    }

    private static func kind(of status: Status) -> Kind {
        switch status.code {
        case 403: .permission
        case 429: .rateLimit
        case 500...: .server
        default: .invalidRequest
        }
    }

    /// Whether the server's keeper should know of it: not where the client asked for a method that nobody knows, or
    /// where too many ask at once.
    var isFault: Bool {
        status.code >= 500 && status != .notImplemented && code != JobError.Code.busy.rawValue
    }

    var description: String { "\(status.code): \(message)" }

    /// The wire form; all four keys are always there.
    var json: JSONValue {
        let text = { (value: String) in JSONValue.string(value) }
        return [
            "error": [
                "message": .string(message), "type": .string(kind.rawValue), "param": JSONValue(param, text),
                "code": JSONValue(code, text),
            ]
        ]
    }

    /// The answer. Clients repeat 5xx answers by themselves; where that cannot help they are told so.
    var response: Response {
        var response = Response.json(json, status: status)
        for field in headers { response.headers[field.name] = field.value }
        if status == .insufficientStorage { response.headers["x-should-retry"] = "false" }
        return response
    }
}
