/// One event of a server-sent event stream (WHATWG HTML, "Server-sent events").
public struct ServerSentEvent: Hashable, Sendable {
    /// What the client sends back as `Last-Event-ID` when it reconnects.
    public var id: String?
    /// The kind; nil is `message`.
    public var event: String?
    /// The text, of one line or several.
    public var data: String

    /// An event.
    public init(id: String? = nil, event: String? = nil, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The event as bytes, with the empty line that ends it.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.utf8.count + 64)
        if let id { Self.appendField("id: ", id, to: &bytes) }
        if let event { Self.appendField("event: ", event, to: &bytes) }
        var rest = data.utf8[...]
        while true {
            let end = rest.firstIndex { $0 == 0x0A || $0 == 0x0D } ?? rest.endIndex
            bytes += "data: ".utf8
            bytes += rest[..<end]
            bytes.append(0x0A)
            if end == rest.endIndex { break }
            let next = rest.index(after: end)
            let isPair = rest[end] == 0x0D && next < rest.endIndex && rest[next] == 0x0A
            rest = rest[(isPair ? rest.index(after: next) : next)...]
        }
        bytes.append(0x0A)
        return bytes
    }

    /// A field of one line; line ends and NUL, which would end it or void an id, are left out.
    static func appendField(_ name: String, _ value: String, to bytes: inout [UInt8]) {
        bytes += name.utf8
        bytes += value.utf8.lazy.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0 }
        bytes.append(0x0A)
    }
}
