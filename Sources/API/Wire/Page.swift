import JSON

/// A page of a list: `{"object": "list", "data", "has_more", "first_id", "last_id"}`.
struct Page {
    let data: [JSONValue]
    let hasMore: Bool

    /// A page of the objects that were found, one more than `limit` being asked for so that it shows whether more follow.
    init(_ found: [JSONValue], limit: Int) {
        data = Array(found.prefix(limit))
        hasMore = found.count > limit
    }

    var json: JSONValue {
        [
            "object": "list", "data": .array(data), "has_more": .bool(hasMore),
            "first_id": data.first?["id"] ?? .null, "last_id": data.last?["id"] ?? .null,
        ]
    }
}
