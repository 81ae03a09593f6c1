import HTTP
import Storage

/// Writes into the audit log what no transaction does: downloads, and what a client was not allowed to do.
///
/// A mistake in a request changes nothing and is nobody's overreach: the access log has it.
struct AuditTrail: Sendable {
    let audit: AuditStore
    /// Is told where the log cannot be written.
    let report: @Sendable (_ message: String, _ requestID: String?) -> Void

    /// The handler of an operation, with its entries.
    func handler(of endpoint: Endpoint) -> Handler {
        guard let action = endpoint.action else { return endpoint.handler }
        return { request in
            do {
                let response = try await endpoint.handler(request)
                if action.isDownload, request.method != .head { await note(action, request, AuditEntry.done) }
                return response
            } catch {
                if let code = APIError(error).code, code == APIError.quotaExceeded { await note(action, request, code) }
                throw error
            }
        }
    }

    /// Adds an entry. A disk that is full, or another process that holds the database, takes nobody's access away.
    func note(_ action: AuditAction, _ request: Request, _ outcome: String, by principal: Principal? = nil) async {
        let names = ["checkpoint_id", "job_id", "file_id", "model"]
        do {
            try await audit.note(
                action, names.lazy.compactMap { request.parameters[$0] }.first, by: principal ?? request.principal,
                outcome: outcome)
        } catch {
            report("the audit log cannot be written: \(error)", request.id)
        }
    }
}
