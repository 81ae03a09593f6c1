import HTTP
import POSIX
import Storage
import Synchronization

/// Bearer tokens (RFC 6750): who may do what.
struct Authentication: Sendable {
    let tokens: TokenStore
    /// Whether no token is needed while none exists.
    let isOpenWithoutTokens: Bool
    /// The operations by `METHOD pattern`. What is not among them needs a token to read.
    let endpoints: [String: Endpoint]
    let trail: AuditTrail
    let throttle = WrongTokenThrottle()

    func callAsFunction(_ request: Request, _ next: Handler) async throws -> Response {
        let endpoint = endpoint(of: request)
        guard let scope = scope(of: request, endpoint) else { return try await next(request) }
        var request = request
        request.context = try await principal(request, endpoint, scope)
        return try await next(request)
    }

    private func endpoint(of request: Request) -> Endpoint? {
        let method = request.method == .head ? HTTP.Method.get : request.method
        return request.route.flatMap { endpoints["\(method) \($0)"] }
    }

    /// What a request needs: nil for the dashboard's files, which hold no data.
    private func scope(of request: Request, _ endpoint: Endpoint?) -> Token.Scope? {
        if let endpoint { return endpoint.scope }
        return request.segments.first == "v1" ? .read : nil
    }

    private func principal(
        _ request: Request, _ endpoint: Endpoint?, _ scope: Token.Scope
    ) async throws -> Principal {
        // Not a list field (RFC 9110 §11.6.2): of two, a proxy may have checked the other one.
        guard request.headers.values("Authorization").count <= 1 else {
            throw Self.unauthorized("there are several Authorization headers: send one")
        }
        let secret = Result { try Self.secret(of: request) }
        guard let token = try await token(secret) else {
            // Official clients always send something, also to a server that asks for nothing.
            if isOpenWithoutTokens, request.isLoopback, try await !tokens.isAnyValid() {
                return .anonymous(address: request.remoteAddress.host)
            }
            _ = try secret.get()
            if let delay = throttle.delay(for: request.remoteAddress) { throw Self.tooManyWrong(delay) }
            throw Self.unauthorized("the token is not known; finetuned token create makes one")
        }
        let principal = Principal(token, address: request.remoteAddress.host)
        guard token.allows(scope) else {
            let code = "insufficient_scope"
            if let action = endpoint?.action { await trail.note(action, request, code, by: principal) }
            throw APIError(
                .forbidden, code: code,
                "the token \"\(token.name)\" may not do this: it needs the scope \(scope.rawValue)",
                headers: ["WWW-Authenticate": "Bearer error=\"insufficient_scope\", scope=\"\(scope.rawValue)\""])
        }
        return principal
    }

    /// The valid token of a secret; nil where there is none, or no secret was sent.
    private func token(_ secret: Result<String, any Error>) async throws -> Token? {
        guard case .success(let secret) = secret else { return nil }
        return try await tokens.verify(secret)
    }

    /// The secret that a request bears.
    ///
    /// - Throws: 401 where it bears none.
    private static func secret(of request: Request) throws -> String {
        guard let sent = request.headers["Authorization"] else {
            throw unauthorized("this server needs a token: send Authorization: Bearer TOKEN")
        }
        let parts = sent.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw unauthorized("expected Authorization: Bearer TOKEN")
        }
        return String(parts[1])
    }

    private static func unauthorized(_ message: String) -> APIError {
        APIError(
            .unauthorized, code: "invalid_api_key", message,
            headers: ["WWW-Authenticate": "Bearer realm=\"finetuned\""])
    }

    /// 429 with the time after which the next wrong token is answered again.
    private static func tooManyWrong(_ delay: Duration) -> APIError {
        let seconds = max(1, Int((delay / .seconds(1)).rounded(.up)))
        return APIError(
            .tooManyRequests, code: "too_many_wrong_tokens",
            "the token is not known, and neither were many before it from this address: wait \(seconds) s; a valid "
                + "token is served at once",
            headers: ["Retry-After": "\(seconds)", "x-should-retry": "false"])
    }
}
