/// Answers a request.
public typealias Handler = @Sendable (Request) async throws -> Response

/// Stands before every handler, the server's own 404, 405 and OPTIONS answers included, and before the body is read.
/// It answers itself, or calls its second argument.
public typealias Middleware = @Sendable (Request, Handler) async throws -> Response

/// Makes the answer to an error: of a handler, or of the server itself (`HTTPError`; then the request may be nil,
/// where it was too malformed to become one).
public typealias ErrorResponse = @Sendable (any Error, Request?) -> Response

/// Which handler answers which method and path.
///
/// A pattern is literal segments, `{name}` for one segment, and at the end `{name...}` for all that follow, or none.
/// A literal goes before a name, a name before a tail. GET routes answer HEAD; every route answers OPTIONS, and other
/// methods with 405 and `Allow` (RFC 9110 §9.3.7, §15.5.6).
public struct Router: Sendable {
    private var nodes = [Node()]
    private var middleware: [Middleware] = []
    /// Makes the answer to an error; text without this.
    public var errorResponse: ErrorResponse = Router.plainErrorResponse

    /// A router without routes.
    public init() {}

    /// Adds a route. Two routes of one method and one shape are a programmer's mistake.
    ///
    /// - Parameter isPrompt: whether the handler, up to where it first awaits, neither blocks nor computes for long. It
    ///   then begins on the thread that serves the connection, which saves the way to another; all of that thread's
    ///   connections wait for it.
    public mutating func add(
        _ method: Method, _ pattern: String, isPrompt: Bool = false, _ handler: @escaping Handler
    ) {
        precondition(Method.implemented.contains(method), "\(method) is no method that routes may have")
        precondition(pattern.hasPrefix("/"), "a pattern begins with /: \(pattern)")
        var node = 0
        var names: [String] = []
        var isTail = false
        let segments = pattern == "/" ? [] : pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for segment in segments {
            precondition(!isTail, "nothing may follow a tail: \(pattern)")
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else {
                node = child(of: node, literal: String(segment))
                continue
            }
            isTail = segment.hasSuffix("...}")
            names.append(String(segment.dropFirst().dropLast(isTail ? 4 : 1)))
            if !isTail { node = parameterChild(of: node) }
        }
        let route = Route(method: method, pattern: pattern, names: names, isPrompt: isPrompt, handler: handler)
        let existing = isTail ? nodes[node].tailRoutes : nodes[node].routes
        precondition(!existing.contains { $0.method == method }, "a second route for \(method) \(pattern)")
        if isTail { nodes[node].tailRoutes.append(route) } else { nodes[node].routes.append(route) }
    }

    /// Adds middleware; what is added first runs first.
    public mutating func use(_ middleware: @escaping Middleware) {
        self.middleware.append(middleware)
    }

    /// The handler of everything: middleware, then routes, then the server's own answers.
    func makeHandler() -> Handler {
        let dispatch: Handler = { request in try await request.dispatch(request) }
        return middleware.reversed().reduce(dispatch) { next, middleware in
            { request in try await middleware(request, next) }
        }
    }

    /// The request with its route, parameters and tail filled in, where a route's path matches.
    func routed(_ request: Request) -> Request {
        var request = request
        if request.head.target.isAsterisk {
            request.dispatch = { _ in Self.allowing(Method.implemented) }
            return request
        }
        var values: [String] = []
        guard let match = find(request.segments, from: 0, node: 0, &values) else {
            request.dispatch = { _ in throw HTTPError.notFound("there is nothing at this path") }
            return request
        }
        let asked = request.method == .head ? Method.get : request.method
        let exact = match.routes.first { $0.method == request.method } ?? match.routes.first { $0.method == asked }
        guard let route = exact else {
            let allowed = Self.allowedMethods(match.routes)
            request.route = match.routes.first?.pattern
            let isOptions = request.method == .options
            request.dispatch = { request in
                if isOptions { return Self.allowing(allowed) }
                throw HTTPError(
                    .methodNotAllowed, "\(request.method) is not possible here; allowed: \(Self.list(allowed))",
                    headers: ["Allow": Self.list(allowed)])
            }
            return request
        }
        request.route = route.pattern
        for (name, value) in zip(route.names, values) { request.parameters[name] = value }
        if let start = match.tailStart {
            request.tail = Array(request.segments[start...])
            if let name = route.names.last { request.parameters[name] = request.tail.joined(separator: "/") }
        }
        request.dispatch = route.handler
        request.isPrompt = route.isPrompt
        return request
    }

    /// "404 Not Found" and the message as text; a handler's other errors as 500 without their details.
    public static let plainErrorResponse: ErrorResponse = { error, _ in
        guard let error = error as? HTTPError else { return .text("500 Internal Server Error\n", status: Status(500)) }
        var response = Response.text("\(error.description)\n", status: error.status)
        for field in error.headers { response.headers.append(field.name, field.value) }
        return response
    }
}

extension Router {
    fileprivate struct Route: Sendable {
        let method: Method
        let pattern: String
        let names: [String]
        let isPrompt: Bool
        let handler: Handler
    }

    fileprivate struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var routes: [Route] = []
        var tailRoutes: [Route] = []
    }

    fileprivate struct Match {
        let routes: [Route]
        let tailStart: Int?
    }

    fileprivate mutating func child(of node: Int, literal: String) -> Int {
        if let child = nodes[node].literals[literal] { return child }
        nodes.append(Node())
        nodes[node].literals[literal] = nodes.count - 1
        return nodes.count - 1
    }

    fileprivate mutating func parameterChild(of node: Int) -> Int {
        if let child = nodes[node].parameter { return child }
        nodes.append(Node())
        nodes[node].parameter = nodes.count - 1
        return nodes.count - 1
    }

    /// Depth-first with the more exact branch first; `values` holds what the names on the way took.
    fileprivate func find(_ segments: [String], from index: Int, node: Int, _ values: inout [String]) -> Match? {
        if index == segments.count {
            if !nodes[node].routes.isEmpty { return Match(routes: nodes[node].routes, tailStart: nil) }
        } else {
            if let child = nodes[node].literals[segments[index]],
                let match = find(segments, from: index + 1, node: child, &values)
            {
                return match
            }
            if let child = nodes[node].parameter, !segments[index].isEmpty {
                values.append(segments[index])
                if let match = find(segments, from: index + 1, node: child, &values) { return match }
                values.removeLast()
            }
        }
        if nodes[node].tailRoutes.isEmpty { return nil }
        return Match(routes: nodes[node].tailRoutes, tailStart: index)
    }

    fileprivate static func allowedMethods(_ routes: [Route]) -> [Method] {
        Method.implemented.filter { method in
            method == .options
                || routes.contains { $0.method == method || (method == .head && $0.method == .get) }
        }
    }

    fileprivate static func list(_ methods: [Method]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    fileprivate static func allowing(_ methods: [Method]) -> Response {
        Response(.noContent, headers: ["Allow": list(methods)])
    }
}
