import HTTP
import Storage

/// One operation of the API: its method and path, who may use it, and what answers it.
struct Endpoint: Sendable {
    let method: Method
    /// As in ``Router``, and as in the OpenAPI description: `/v1/files/{file_id}`.
    let pattern: String
    /// What a token must allow; nil needs no token.
    let scope: Token.Scope?
    /// What the audit log calls it; nil where that does not tell of it.
    let action: AuditAction?
    /// As in ``Router``: whether it waits for nothing.
    let isPrompt: Bool
    let handler: Handler

    init(
        _ method: Method, _ pattern: String, _ scope: Token.Scope?, audit action: AuditAction? = nil,
        isPrompt: Bool = false, _ handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.scope = scope
        self.action = action
        self.isPrompt = isPrompt
        self.handler = handler
    }
}
