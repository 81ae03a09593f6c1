internal import HTTP

extension Log {
    /// Tells of a request that was answered, or whose connection ended before that.
    func write(_ record: AccessRecord) {
        var fields = [("id", record.id)]
        if let method = record.method { fields.append(("method", "\(method)")) }
        if let path = record.path { fields.append(("path", path)) }
        if let status = record.status { fields.append(("status", String(status.code))) }
        if !record.isComplete { fields.append(("ended", "early")) }
        fields += [
            ("ms", String(Int(record.duration / .milliseconds(1)))), ("from", "\(record.remoteAddress)"),
        ]
        write(record.status.map { $0.code >= 500 } == true ? .error : .info, "request", fields)
    }
}
