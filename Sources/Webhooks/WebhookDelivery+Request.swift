internal import FineTuning
internal import JSON
internal import Storage

extension WebhookDelivery {
    /// The event as OpenAI's webhooks have it.
    var body: [UInt8] {
        let event: JSONValue = [
            "id": .string(id), "object": "event", "type": .string("fine_tuning.job.\(state.rawValue)"),
            "created_at": JSONValue(createdAt), "data": ["id": .string(jobID)],
        ]
        return event.bytes
    }

    /// The request that delivers it.
    ///
    /// - Parameter time: of this attempt, in seconds since 1970: receivers refuse what is old.
    func request(to endpoint: WebhookEndpoint, secret: WebhookSecret, time: Int) -> [UInt8] {
        let body = body
        let lines = [
            "POST \(endpoint.target) HTTP/1.1", "Host: \(endpoint.authority)", "User-Agent: finetuned",
            "Content-Type: application/json", "Content-Length: \(body.count)", "Connection: close",
            "webhook-id: \(id)", "webhook-timestamp: \(time)",
            "webhook-signature: \(secret.signature(id: id, timestamp: time, body: body))",
        ]
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
    }
}
