public import JSON

/// What a job may use of the machine.
public struct Resources: Sendable, Hashable, JSONRepresentable {
    /// Threads of the trainer; nil until the server's default is filled in.
    public var threads: Int?
    /// Jobs of higher priority start first.
    public var priority = 0

    /// The defaults.
    public init() {}

    /// Reads `{"threads", "priority"}`.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        threads = try fields.optional("threads")?.integer(in: 1...1024)
        priority = try fields.optional("priority")?.integer(in: -1000...1000) ?? priority
        try fields.finish()
    }

    /// The resources as JSON.
    public var json: JSONValue {
        ["threads": JSONValue(threads) { JSONValue($0) }, "priority": JSONValue(priority)]
    }
}
