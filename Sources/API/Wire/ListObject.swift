import JSON
import Storage

/// A page of a list: `{"object": "list", "data", "has_more", "first_id", "last_id"}`.
struct ListObject {
    let data: [JSONValue]
    let hasMore: Bool

    init<Element>(_ page: Page<Element>, _ object: (Element) -> JSONValue) {
        data = page.elements.map(object)
        hasMore = page.hasMore
    }

    var json: JSONValue {
        [
            "object": "list", "data": .array(data), "has_more": .bool(hasMore),
            "first_id": data.first?["id"] ?? .null, "last_id": data.last?["id"] ?? .null,
        ]
    }
}
