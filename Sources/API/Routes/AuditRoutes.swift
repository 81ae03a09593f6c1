import HTTP
import Storage

/// The audit log.
extension API {
    var auditEndpoints: [Endpoint] { [Endpoint(.get, "/v1/audit", .admin, listAudit)] }

    private func listAudit(_ request: Request) async throws -> Response {
        let asked = try PageRequest(request.query, limit: 20, most: 1000)
        let page = try await asked.checked {
            try await database.audit.page(after: asked.after, limit: asked.limit)
        }
        return .json(ListObject(page) { AuditEntryObject(entry: $0).json }.json)
    }
}
