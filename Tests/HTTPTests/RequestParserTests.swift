import ParserVerdicts
import SeededNumbers
import Testing

@testable import HTTP

struct RequestParserTests {
    static let samples: [String] = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nGET /a%2Fb/c?x=1&y=%20 HTTP/1.1\r\nHost: a:80\r\nX-Long: \t v \t\r\nConnection: foo, Close\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"x\\\"y;z\";b\r\nhello\r\n0;c=d\r\nX-T: 1\r\n\r\n"
            + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n", "GET http://a/b HTTP/1.1\r\nHost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]

    private let memory = GuardedMemory()

    private func verdict(_ bytes: [UInt8], cuts: [Int] = []) -> RequestVerdict {
        RequestVerdict(bytes, cuts: cuts, in: memory)
    }

    @Test(arguments: samples)
    func `the verdict is the same at every split`(text: String) async {
        let bytes = Array(text.utf8)
        let whole = verdict(bytes)
        for first in 0...bytes.count {
            #expect(verdict(bytes, cuts: [first]) == whole, "cut at \(first)")
        }
        await Task.yield()
        #expect(verdict(bytes, cuts: Array(0...bytes.count)) == whole)
        for first in stride(from: 0, through: bytes.count, by: 3) {
            await Task.yield()
            for second in stride(from: first, through: bytes.count, by: 5) {
                #expect(verdict(bytes, cuts: [first, second]) == whole, "cuts at \(first) and \(second)")
            }
        }
    }

    @Test func `a request is taken apart`() throws {
        let verdict = verdict(Array(Self.samples[3].utf8))
        #expect(verdict.refusal == nil)
        #expect(verdict.requests.map(\.target) == ["/x", "/next"])
        #expect(verdict.requests[0].body == Array("hello".utf8))
        #expect(verdict.requests[0].isBodyComplete)
        // Trailers are never merged into the headers.
        #expect(verdict.requests[0].headers["X-T"] == nil)
    }

    @Test(arguments: [
        (8193, 414), (100_000, 414),
    ])
    func `a request line that is too long is 414`(length: Int, status: Int) {
        let text = "GET /" + String(repeating: "a", count: length - 5) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(verdict(Array(text.utf8)).refusal?.code == status)
        #expect(
            verdict(Array(text.utf8), cuts: Array(stride(from: 1, to: text.utf8.count, by: 97))).refusal?.code == status
        )
    }

    @Test func `headers beyond the limits are 431 wherever the input is cut`() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let long = start + "X: " + String(repeating: "v", count: 8200) + "\r\n\r\n"
        let many = start + (0..<100).map { "X-\($0): v\r\n" }.joined() + "\r\n"
        let large = start + (0..<9).map { "X-\($0): " + String(repeating: "v", count: 4000) + "\r\n" }.joined() + "\r\n"
        for text in [long, many, large] {
            let bytes = Array(text.utf8)
            #expect(verdict(bytes).refusal == .headerFieldsTooLarge)
            for step in [1, 7, 1000] {
                let cuts = Array(stride(from: step, to: bytes.count, by: step))
                #expect(verdict(bytes, cuts: cuts).refusal == .headerFieldsTooLarge)
            }
        }
        let allowed = start + (0..<99).map { "X-\($0): v\r\n" }.joined() + "\r\n"
        #expect(verdict(Array(allowed.utf8)).requests.count == 1)
    }

    @Test(arguments: [
        ("/", []), ("/a/b", ["a", "b"]), ("/a%2Fb/c", ["a/b", "c"]),
        ("/v1/models/ft:m:org:x:1", ["v1", "models", "ft:m:org:x:1"]),
        ("/a//b/", ["a", "", "b", ""]), ("/caf%C3%A9?q=1", ["café"]), ("http://h:1/x?y", ["x"]), ("http://h", []),
    ])
    func `a path is split before it is decoded`(target: String, segments: [String]) throws {
        #expect(try RequestTarget(target, method: .get).segments == segments)
    }

    @Test(arguments: ["a", "*", "/%", "/%zz", "/%4", "/%00", "/%0d%0a", "/%ff", "/a#b", "ftp://a/", ""])
    func `a target that stands for no path is refused`(target: String) {
        #expect(throws: HTTPError.self) { try RequestTarget(target, method: .get) }
    }

    @Test(arguments: [
        ("127.0.0.1:80", true), ("[::1]:8080", true), ("a-b.example", true), ("", false), (":80", false),
        ("a:b", false),
        ("[::1", false), ("a/b", false), ("u@a", false), ("a,b", false), ("a b", false), ("[]:1", false),
        ("a:123456", false),
    ])
    func `an authority is a host with an optional port`(text: String, isValid: Bool) {
        #expect(Authority.isValid(text) == isValid)
    }

    /// 4,000 mutations of good and bad requests: no crash, the same verdict however they are cut, and never a request
    /// with two readings of its length. The program `fuzz` goes on from here.
    @Test(arguments: 0..<8)
    func `mutated requests have one verdict`(seed: UInt64) async {
        var random = SplitMix(seed: seed)
        for round in 0..<500 {
            // Tests share two threads: the others are let in.
            if round % 20 == 0 { await Task.yield() }
            let bytes = Mutator.requests.input(&random)
            let whole = verdict(bytes)
            let cuts = (0..<3).map { _ in Int.random(in: 0...bytes.count, using: &random) }.sorted()
            if verdict(bytes, cuts: cuts) != whole { Issue.record("seed \(seed): \(bytes) cut at \(cuts)") }
            if let rule = whole.brokenRule(head: RequestParser.Limits()) {
                Issue.record("seed \(seed): \(rule) in \(bytes)")
            }
        }
    }

    /// Of two limits that a head breaks, the one counts that its bytes meet first.
    @Test func `which limit was met is told the same wherever the input is cut`() {
        let empty = String(repeating: "\r\n", count: 16_000)
        let head = Array((empty + "GET /" + String(repeating: "a", count: 9000) + " HTTP/1.1\r\n\r\n").utf8)
        #expect(verdict(head).refusal == .headerFieldsTooLarge)
        #expect(verdict(head, cuts: Array(0..<head.count)).refusal == .headerFieldsTooLarge)
    }

    /// Trailers as large as may be, and a byte more.
    @Test(arguments: [0, 1])
    func `trailers are allowed up to their limit wherever the input is cut`(excess: Int) {
        let value = String(repeating: "v", count: 8 * 1024 - 5 + excess)
        let bytes = Array(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: \(value)\r\n\r\n".utf8)
        let whole = verdict(bytes)
        #expect(whole.refusal == (excess == 0 ? nil : .headerFieldsTooLarge))
        #expect(verdict(bytes, cuts: Array(0..<bytes.count)) == whole)
    }

    @Test func `chunk extensions beyond their limit are 431 wherever the input is cut`() {
        let start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        // Small ones of many chunks count together.
        let many = Array((start + String(repeating: "1;abcdefg\r\nx\r\n", count: 600) + "0\r\n\r\n").utf8)
        let long = Array((start + "1;" + String(repeating: "a", count: 5000) + "\r\nx\r\n0\r\n\r\n").utf8)
        for bytes in [many, long] {
            #expect(verdict(bytes).refusal == .headerFieldsTooLarge)
            #expect(verdict(bytes, cuts: Array(0..<bytes.count)) == verdict(bytes))
        }
    }
}
