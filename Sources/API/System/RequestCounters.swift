import HTTP
import Synchronization

/// Counts answers by method, route and status, and the time that they took until they began.
final class RequestCounters: Sendable {
    /// What is counted together.
    struct Key: Hashable, Sendable {
        let method: String
        /// The route's pattern, so that names and ids do not make a series each.
        let route: String
        let status: Int
    }

    /// How often, and how long in all.
    struct Tally: Sendable {
        var count = 0
        var seconds = 0.0
    }

    private let tallies = Mutex<[Key: Tally]>([:])

    func count(_ request: Request, _ next: Handler, errorResponse: ErrorResponse) async throws -> Response {
        let start = ContinuousClock.now
        let response: Response
        do {
            response = try await next(request)
        } catch is ConnectionClosedError {
            throw ConnectionClosedError()
        } catch {
            response = errorResponse(error, request)
        }
        let isKnown = Method.implemented.contains(request.method)
        let key = Key(
            method: isKnown ? request.method.rawValue : "other", route: request.route ?? "none",
            status: response.status.code)
        let elapsed = ContinuousClock.now - start
        tallies.withLock { tallies in
            tallies[key, default: Tally()].count += 1
            tallies[key, default: Tally()].seconds += elapsed / .seconds(1)
        }
        return response
    }

    var all: [(key: Key, tally: Tally)] {
        tallies.withLock { Array($0) }.map { ($0.key, $0.value) }.sorted {
            ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status)
        }
    }
}
