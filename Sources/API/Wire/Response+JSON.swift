import HTTP
import JSON

extension Response {
    /// A JSON value on one line.
    static func json(_ value: JSONValue, status: Status = .ok) -> Response {
        Response(status, contentType: "application/json", value.bytes, headers: ["Cache-Control": "no-store"])
    }
}
