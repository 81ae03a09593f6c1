package import HTTP

/// What the multipart parser makes of a byte sequence: the parts in it, and how it ends.
package struct MultipartVerdict: Hashable {
    /// A part whose headers were accepted.
    package struct Part: Hashable {
        package var headers: Headers
        package var name: String?
        package var filename: String?
        package var data: [UInt8] = []
        package var isComplete = false
    }

    /// The parts, in order.
    package private(set) var parts: [Part] = []
    /// Why the rest was refused; nil where nothing was.
    package private(set) var refusal: Status?
    /// Whether the closing boundary was seen.
    package private(set) var isComplete = false
    /// What an event must not be where it stands; nil where all is well.
    package private(set) var brokenRule: String?

    /// Feeds bytes in pieces that end at `cuts`, in ascending order, and with the bytes.
    package init(_ bytes: [UInt8], boundary: String = "b0", cuts: [Int] = []) {
        var parser = MultipartParser(boundary: boundary)
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            var events: [MultipartParser.Event] = []
            do throws(HTTPError) {
                try parser.consume(Array(bytes[start..<end]), into: &events)
            } catch {
                refusal = error.status
            }
            for event in events { take(event) }
            if refusal != nil { break }
            start = end
        }
    }

    private mutating func take(_ event: MultipartParser.Event) {
        let isInside = parts.last?.isComplete == false
        switch event {
        case .part(let headers):
            if isInside || isComplete { brokenRule = "a part begins where none can" }
            let size = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
            // A byte of ISO 8859-1 becomes two of UTF-8.
            if size > 2 * MultipartParser.headerLimit { brokenRule = "the headers of a part are too large" }
            let disposition = HeaderParameters(headers["Content-Disposition"] ?? "")
            parts.append(Part(headers: headers, name: disposition["name"], filename: disposition["filename"]))
        case .data(let data):
            if !isInside { brokenRule = "data is in no part" }
            if data.isEmpty { brokenRule = "data is empty" }
            if isInside { parts[parts.count - 1].data += data }
        case .endOfPart:
            if !isInside { brokenRule = "no part ends here" }
            if isInside { parts[parts.count - 1].isComplete = true }
        case .end:
            if isInside || isComplete { brokenRule = "the body ends where it cannot" }
            isComplete = true
        }
    }
}
