@testable import HTTP

/// What parsers make of a byte sequence: the requests in it, and how it ends.
struct Verdict: Hashable {
    struct Request: Hashable {
        var method: String
        var target: String
        var headers: Headers
        var body: [UInt8]
        var isBodyComplete: Bool
        var keepsAlive: Bool
    }

    var requests: [Request] = []
    var refusal: Status?
    var unconsumed = 0

    /// Feeds bytes in pieces that end at `cuts`, as a connection does.
    init(_ bytes: [UInt8], cuts: [Int] = []) {
        var parser = RequestParser()
        var body: BodyParser?
        var start = 0
        feeding: for end in cuts + [bytes.count] where end >= start {
            var offset = start
            start = end
            while offset < end {
                let consumed = bytes[offset..<end].withUnsafeBytes { input -> Int? in
                    do throws(HTTPError) {
                        if body != nil {
                            var data: [UInt8] = []
                            defer { requests[requests.count - 1].body += data }
                            let consumed = try body?.consume(input, into: &data) ?? 0
                            if body?.isComplete == true {
                                requests[requests.count - 1].isBodyComplete = true
                                body = nil
                            }
                            return consumed
                        }
                        let (consumed, head) = try parser.consume(input)
                        if let head {
                            let parsed = BodyParser(framing: head.framing)
                            requests.append(
                                Request(
                                    method: head.method.rawValue, target: head.target.raw, headers: head.headers,
                                    body: [], isBodyComplete: parsed.isComplete, keepsAlive: head.keepsAlive))
                            body = parsed.isComplete ? nil : parsed
                        }
                        return consumed
                    } catch {
                        refusal = error.status
                        return nil
                    }
                }
                guard let consumed else { break feeding }
                offset += consumed
            }
        }
    }
}
