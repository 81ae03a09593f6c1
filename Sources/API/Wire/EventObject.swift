import FineTuning
import HTTP
import JSON

/// The Event object of the OpenAI API, and its form as a server-sent event.
struct EventObject {
    let event: Event

    var json: JSONValue {
        [
            "object": "fine_tuning.job.event", "id": .string(event.id), "created_at": JSONValue(event.createdAt),
            "level": .string(event.level.rawValue), "message": .string(event.message),
            "type": event.kind == .metrics ? "metrics" : "message", "job_id": .string(event.jobID),
            "seq": JSONValue(event.sequence), "kind": .string(event.kind.rawValue), "data": data,
        ]
    }

    /// A checkpoint is told of only once it was read back and proven.
    private var data: JSONValue {
        guard event.kind == .checkpoint, var object = event.data.object else { return event.data }
        object["verified"] = true
        return .object(object)
    }

    /// The event with its sequence number as id, from which a client resumes.
    var serverSentEvent: ServerSentEvent {
        ServerSentEvent(id: String(event.sequence), event: event.kind.rawValue, data: json.text)
    }
}
