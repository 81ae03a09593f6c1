internal import FineTuning
internal import Storage
internal import Webhooks

extension Log {
    /// Tells what came of a webhook.
    func write(_ report: WebhookReport) {
        switch report {
        case .delivered(let delivery): write(.info, "webhook", Self.fields(delivery))
        case .failed(let delivery, let reason): write(.warn, "webhook", Self.fields(delivery) + [("error", reason)])
        case .givenUp(let delivery, let reason):
            write(.error, "webhook", Self.fields(delivery) + [("error", "given up: \(reason)")])
        }
    }

    private static func fields(_ delivery: WebhookDelivery?) -> [(name: String, value: String)] {
        guard let delivery else { return [] }
        return [
            ("id", delivery.id), ("job", delivery.jobID), ("status", delivery.state.rawValue),
            ("attempt", String(delivery.attempts + 1)),
        ]
    }
}
