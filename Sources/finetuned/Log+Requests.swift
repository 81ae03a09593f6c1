internal import HTTP

extension Log {
    /// Tells of a request that was answered.
    func write(_ record: AccessRecord) {
        var fields = [("id", record.id)]
        if let method = record.method { fields.append(("method", "\(method)")) }
        if let path = record.path { fields.append(("path", path)) }
        fields += [
            ("status", String(record.status.code)), ("ms", String(Int(record.duration / .milliseconds(1)))),
            ("from", "\(record.remoteAddress)"),
        ]
        write(record.status.code >= 500 ? .error : .info, "request", fields)
    }
}
