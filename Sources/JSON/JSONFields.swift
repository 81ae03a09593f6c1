/// The members of an object, taken one by one; what nobody took is an error that names the nearest known member.
public struct JSONFields {
    private let object: JSONObject
    private let path: String
    private var known: [String] = []

    init(_ object: JSONObject, path: String) {
        self.object = object
        self.path = path
    }

    /// The member, or nil where it is absent or null.
    public mutating func optional(_ name: String) -> JSONCursor? {
        known.append(name)
        guard let value = object[name], !value.isNull else { return nil }
        return JSONCursor(value, path: place(of: name))
    }

    /// The member.
    ///
    /// - Throws: a fault of kind `missing` where it is absent or null.
    public mutating func required(_ name: String) throws(JSONFault) -> JSONCursor {
        guard let cursor = optional(name) else {
            throw JSONFault(.missing, path: place(of: name), "this field is required")
        }
        return cursor
    }

    /// Whether the member is there, be it null; the member then counts as known.
    public mutating func has(_ name: String) -> Bool {
        known.append(name)
        return object[name] != nil
    }

    /// The names that are there and were not taken.
    public var rest: [String] { object.names.filter { !known.contains($0) } }

    /// Refuses members that were not taken.
    public func finish() throws(JSONFault) {
        guard let name = rest.first else { return }
        let shown = String(name.prefix(60))
        let hint =
            if let nearest = name.nearest(among: known) {
                "did you mean \"\(nearest)\"?"
            } else {
                "known here: \(known.sorted().joined(separator: ", "))"
            }
        throw JSONFault(.unknown, path: place(of: shown), "unknown field \"\(shown)\"; \(hint)")
    }

    private func place(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
