import Foundation
import FoundationNetworking
import JSON

/// A client of the API.
struct Client: Sendable {
    /// `http://127.0.0.1:PORT`
    let origin: String
    /// Sent with every request.
    var token: String?

    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: Data
        let response: HTTPURLResponse

        var json: JSONValue {
            get throws { try JSONValue(parsing: Array(body)) }
        }
        var text: String { String(decoding: body, as: UTF8.self) }
        subscript(header: String) -> String? { response.value(forHTTPHeaderField: header) }
    }

    /// An answer that a test did not expect.
    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    /// The port.
    var port: UInt16 { UInt16(origin.split(separator: ":").last ?? "") ?? 0 }

    /// Sends a request.
    func send(_ method: String, _ path: String, _ body: Data? = nil, type: String? = nil) async throws -> Answer {
        guard let url = URL(string: origin + path) else { throw Unexpected(description: "no address: \(path)") }
        var request = URLRequest(url: url, timeoutInterval: 120)
        request.httpMethod = method
        request.httpBody = body
        if let type { request.setValue(type, forHTTPHeaderField: "Content-Type") }
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard let response = response as? HTTPURLResponse else { throw Unexpected(description: "no HTTP: \(path)") }
        return Answer(status: response.statusCode, body: data, response: response)
    }

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    func post(_ path: String, _ value: JSONValue = [:]) async throws -> Answer {
        try await send("POST", path, Data(value.bytes), type: "application/json")
    }

    /// The JSON of an answer that must be a success.
    func value(_ path: String) async throws -> JSONValue {
        let answer = try await get(path)
        guard answer.status == 200 else { throw Unexpected(description: "\(path): \(answer.status) \(answer.text)") }
        return try answer.json
    }

    /// Uploads a file for training.
    func upload(_ content: String, name: String = "messages.jsonl") async throws -> Answer {
        let edge = "edge-of-the-end-to-end-tests"
        let form = [
            "--\(edge)\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n",
            "--\(edge)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n",
            "Content-Type: application/octet-stream\r\n\r\n\(content)\r\n--\(edge)--\r\n",
        ]
        return try await send(
            "POST", "/v1/files", Data(form.joined().utf8), type: "multipart/form-data; boundary=\(edge)")
    }
}
