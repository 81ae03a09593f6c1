import Testing

@testable import JSON

@Suite("The JSON parser")
struct JSONParserTests {
    @Test(
        "reads every kind of value",
        arguments: [
            ("null", .null), ("true", true), (" false ", false), ("0", 0), ("-12", -12), ("1.5e2", 150.0),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
            ("\"a\\u00e9\\n\\ud83d\\ude00\"", "aé\n😀"), ("[]", []), ("[1,[2]]", [1, [2]]),
            ("{\"b\":1,\"a\":{}}", ["b": 1, "a": [:]]),
        ] as [(String, JSONValue)])
    func values(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == expected)
    }

    @Test(
        "refuses what is not JSON",
        arguments: [
            "", " ", "[1,]", "{\"a\":1,}", "[1 2]", "01", "1.", ".5", "+1", "1e", "NaN", "Infinity", "tru", "'a'",
            "{a:1}",
            "\"\\x\"", "\"\t\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"open", "[", "{\"a\"", "1 2", "\u{FEFF}1",
            "1e999",
            "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "-", "// x\n1",
        ])
    func refusals(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test("says where the fault is")
    func position() {
        #expect(throws: JSONSyntaxError(reason: "expected a value", offset: 6)) {
            try JSONValue(parsing: "{\"a\": x}")
        }
    }

    @Test("refuses a string that is not UTF-8")
    func invalidUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xC3, 0x28, 0x22]) }
    }

    @Test("refuses a hundred thousand brackets without a deep stack", arguments: ["[", "{\"a\":"])
    func deepNesting(opening: String) {
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: String(repeating: opening, count: 100_000))
        }
    }

    @Test("reads 64 levels and not 65")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue(parsing: nested(64))
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: nested(65)) }
    }

    @Test("finds members of large objects by name, in order")
    func largeObject() throws {
        let text = "{" + (0..<1000).map { "\"k\($0)\":\($0)" }.joined(separator: ",") + "}"
        let value = try JSONValue(parsing: text)
        #expect(value["k999"] == 999)
        #expect(value.object?.names.first == "k0")
        #expect(value.text == text)
    }

    @Test("tells names apart that differ only in their composition")
    func composedNames() throws {
        let value = try JSONValue(parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
    }

    @Test("never crashes on mutated text, and reads again what it wrote")
    func mutations() throws {
        var generator = SystemRandomNumberGenerator()
        let seed = Array(#"{"a":[1,-2.5e3,"x\u00e9\n",null,true,{"b":"😀"}],"c":"\\\"/"}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = seed
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let value = try? JSONValue(parsing: bytes) else { continue }
            #expect(try JSONValue(parsing: value.bytes) == value)
        }
    }
}
