import HTTP
import Storage
import Synchronization

/// Bearer tokens (RFC 6750): who may do what.
struct Authentication: Sendable {
    let tokens: TokenStore
    /// Whether no token is needed while none exists.
    let isOpenWithoutTokens: Bool
    /// What an operation needs, by `METHOD pattern`; nil needs no token. What is not in it needs one to read.
    let scopes: [String: Token.Scope?]

    func callAsFunction(_ request: Request, _ next: Handler) async throws -> Response {
        guard let scope = scope(of: request) else { return try await next(request) }
        var request = request
        request.context = try await client(request, scope)
        return try await next(request)
    }

    /// What a request needs: nil for the dashboard's files, which hold no data.
    private func scope(of request: Request) -> Token.Scope? {
        let method = request.method == .head ? HTTP.Method.get : request.method
        if let route = request.route, let scope = scopes["\(method) \(route)"] { return scope }
        return request.segments.first == "v1" ? .read : nil
    }

    private func client(_ request: Request, _ scope: Token.Scope) async throws -> Client {
        // Not a list field (RFC 9110 §11.6.2): of two, a proxy may have checked the other one.
        guard request.headers.values("Authorization").count <= 1 else {
            throw Self.unauthorized("there are several Authorization headers: send one")
        }
        let token: Token
        do {
            token = try await self.token(of: request)
        } catch let refusal as APIError {
            // Official clients always send something, also to a server that asks for nothing.
            if isOpenWithoutTokens, request.isLoopback, try await !tokens.isAnyValid() { return .anonymous }
            throw refusal
        }
        guard token.allows(scope) else {
            throw APIError(
                .forbidden, code: "insufficient_scope",
                "the token \"\(token.name)\" may not do this: it needs the scope \(scope.rawValue)",
                headers: ["WWW-Authenticate": "Bearer error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""])
        }
        return Client(id: token.id)
    }

    private func token(of request: Request) async throws -> Token {
        guard let sent = request.headers["Authorization"] else {
            throw Self.unauthorized("this server needs a token: send Authorization: Bearer TOKEN")
        }
        let parts = sent.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw Self.unauthorized("expected Authorization: Bearer TOKEN")
        }
        guard let token = try await tokens.verify(String(parts[1])) else {
            throw Self.unauthorized("the token is not known; finetuned token create makes one")
        }
        return token
    }

    private static func unauthorized(_ message: String) -> APIError {
        APIError(
            .unauthorized, code: "invalid_api_key", message,
            headers: ["WWW-Authenticate": "Bearer realm=\"finetuned\""])
    }
}
