import FineTuning
import Foundation
@testable import Storage
import Testing

@testable import Webhooks

struct WebhookRequestTests {
    @Test(arguments: [
        ("https://hooks.example.org/a/b?c=d", "hooks.example.org", "/a/b?c=d", 443),
        ("https://Hooks.example.org", "hooks.example.org", "/", 443),
        ("https://hooks.example.org:8443/", "hooks.example.org:8443", "/", 8443),
        ("https://[2606:4700::1111]/x", "[2606:4700::1111]", "/x", 443),
    ])
    func `an address is taken apart`(text: String, authority: String, target: String, port: UInt16) throws {
        let endpoint = try WebhookEndpoint(parsing: text)
        #expect(endpoint.authority == authority)
        #expect(endpoint.target == target)
        #expect(endpoint.port == port)
    }

    @Test(arguments: [
        "", "hooks.example.org", "ftp://hooks.example.org/", "http://hooks.example.org/", "https://", "https:///x",
        "https://user@hooks.example.org/", "https://user:secret@hooks.example.org/", "https://hooks.example.org/#part",
        "https://hooks.example.org:0/", "https://hooks.example.org:99999/", "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nHost: other",
    ])
    func `what is no address to send to is refused`(text: String) {
        #expect(throws: WebhookError.self) { try WebhookEndpoint(parsing: text) }
    }

    @Test func `a signature is that of the example of Standard Webhooks`() throws {
        let secret = try WebhookSecret(parsing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test(arguments: ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all"])
    func `a secret of another form is refused, and not told`(text: String) throws {
        let error = #expect(throws: WebhookError.self) { try WebhookSecret(parsing: text) }
        #expect(error.map { "\($0)" }?.hasPrefix("it ") == true || error.map { "\($0)" }?.hasPrefix("behind") == true)
        if text.count > 6 { #expect(error.map { "\($0)" }?.contains(text.dropFirst(6)) == false) }
    }

    @Test func `a request holds the event and its signature`() throws {
        let delivery = WebhookDelivery(id: "evt_1", jobID: "ftjob-1", state: .succeeded, createdAt: 5, attempts: 0)
        let endpoint = try WebhookEndpoint(parsing: "https://hooks.example.org/x")
        let secret = try WebhookSecret(parsing: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        let request = String(decoding: delivery.request(to: endpoint, secret: secret, time: 77), as: UTF8.self)
        let body = """
            {"id":"evt_1","object":"event","type":"fine_tuning.job.succeeded","created_at":5,"data":{"id":"ftjob-1"}}
            """
        #expect(request.hasPrefix("POST /x HTTP/1.1\r\nHost: hooks.example.org\r\n"))
        #expect(request.hasSuffix("\r\n\r\n" + body))
        #expect(request.contains("\r\nwebhook-id: evt_1\r\nwebhook-timestamp: 77\r\nwebhook-signature: v1,"))
        #expect(request.contains("\r\nContent-Length: \(body.utf8.count)\r\n"))
    }

    @Test func `attempts come ever more seldom and end after three days`() {
        let schedule = WebhookSchedule()
        func pause(_ attempts: Int, after seconds: Int) -> Int? {
            schedule.pause(
                after: WebhookDelivery(
                    id: "evt_1", jobID: "ftjob-1", state: .failed, createdAt: 1000, attempts: attempts),
                at: 1000 + seconds)
        }
        #expect((0...4).map { pause($0, after: 1) } == [5, 10, 20, 40, 80])
        #expect(pause(30, after: 10_000) == 3600)
        #expect(pause(60, after: 72 * 3600) == nil)
    }
}
