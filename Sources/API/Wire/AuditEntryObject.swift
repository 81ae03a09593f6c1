import JSON
import Storage

/// An entry of the audit log.
struct AuditEntryObject {
    let entry: AuditEntry

    var json: JSONValue {
        let text = { (value: String) in JSONValue.string(value) }
        return [
            "object": "audit.entry", "id": .string(entry.id), "created_at": JSONValue(entry.createdAt),
            "actor": .string(entry.actor), "actor_name": JSONValue(entry.actorName, text),
            "address": JSONValue(entry.address, text), "action": .string(entry.action.rawValue),
            "subject": JSONValue(entry.subject, text), "outcome": .string(entry.outcome),
        ]
    }
}
