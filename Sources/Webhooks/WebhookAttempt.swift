internal import POSIX
internal import Storage

/// One attempt to deliver an event. Blocks its thread, for ten seconds at most beside the look-up of the name.
struct WebhookAttempt {
    let endpoint: WebhookEndpoint
    let secret: WebhookSecret
    let time: Int

    private static let patience = Duration.seconds(10)
    /// Bytes of an answer that are looked at: its first line is all that counts.
    private static let longestAnswer = 4096

    /// Delivers.
    ///
    /// - Throws: ``WebhookError`` where the receiver does not say that it took the event. It is followed nowhere else.
    func deliver(_ delivery: WebhookDelivery) throws(WebhookError) {
        do {
            let connection = try WebhookConnection(endpoint, before: .now + Self.patience)
            try connection.send(delivery.request(to: endpoint, secret: secret, time: time))
            var answer: [UInt8] = []
            while !answer.contains(UInt8(ascii: "\n")), answer.count < Self.longestAnswer {
                let part = try connection.receive(upTo: Self.longestAnswer - answer.count)
                if part.isEmpty { break }
                answer += part
            }
            try Self.check(answer)
        } catch let error as WebhookError {
            throw error
        } catch {
            throw .unreachable(reason: "\(error)")
        }
    }

    /// - Throws: ``WebhookError/refused(answer:)`` for anything but `HTTP/1.1 2xx` (RFC 9112 §4).
    private static func check(_ answer: [UInt8]) throws(WebhookError) {
        let line = String(
            decoding: answer.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(separator: " ")
        guard line.hasPrefix("HTTP/1."), words.count >= 2, let status = Int(words[1]) else {
            throw .refused(answer: line.isEmpty ? "nothing" : "what is no HTTP")
        }
        guard (200...299).contains(status) else { throw .refused(answer: "\(status)") }
    }
}
