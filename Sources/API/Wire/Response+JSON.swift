import HTTP
import JSON

extension Response {
    /// A JSON value on one line.
    static func json(_ value: JSONValue, status: Status = .ok) -> Response {
        json(bytes: value.bytes, status: status)
    }

    /// A JSON text.
    static func json(bytes: [UInt8], status: Status = .ok) -> Response {
        Response(status, contentType: "application/json", bytes, headers: ["Cache-Control": "no-store"])
    }
}
