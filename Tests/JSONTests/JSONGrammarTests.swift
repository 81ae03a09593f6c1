import Testing

@testable import JSON

/// Texts by the grammar of RFC 8259, section by section: what must be read, what must be refused, and what the RFC leaves
/// to the reader, with what this one does.
@Suite("By the grammar of RFC 8259, the JSON parser")
struct JSONGrammarTests {
    /// §2 structural characters and white space; §3 literals; §4 objects; §5 arrays; §6 numbers; §7 strings.
    static let valid: [String] = [
        // White space: space, tab, line feed, carriage return, before and behind every token.
        " \t\n\r[ \t\n\r1 \t\n\r, \t\n\r2 \t\n\r] \t\n\r", "\r{ \"a\"\n:\t1 }", "[]\n", "\n\n\n0",
        // Any value may stand alone.
        "null", "true", "false", "0", "\"\"", "[]", "{}",
        // Objects: names may be empty, hold anything, differ in case only.
        "{\"\":0}", "{\"\\u0000\":0}", "{\"a\":1,\"A\":2}", "{\"a\":{\"a\":{\"a\":[]}}}", "{\"a\\nb\":null,\"c\":[{}]}",
        // Arrays: values of any kind next to one another.
        "[null,true,false,0,\"\",[],{}]", "[[],[[]],[[],[]]]", "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]",
        // Numbers: int, frac, exp, each with and without the others.
        "-0", "-1", "10", "1234567890", "0.0", "-0.1", "1.0", "10.01", "1e1", "1E1", "1e+1", "1e-1", "1.5E-3", "-0e0",
        "0e1", "1e00", "0.00000000000000000000000000000000000001", "123456789012345678901234567890",
        "-9223372036854775808", "-9223372036854775809", "1.7976931348623157e308", "5e-324", "1e-400", "0.1e308",
        // Strings: everything from U+0020 but quote and backslash stands for itself; two-character and \u escapes.
        "\"\u{20}\u{21}\u{23}\u{5B}\u{5D}\u{7E}\u{7F}\u{80}\u{10FFFF}\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0000\\u001f\\u0020\\uFFFF\\uabCD\"", "\"\\ud800\\udc00\"", "\"\\uDBFF\\uDFFF\"", "\"\\\\u0041\"",
        "\"\u{2028}\u{2029}\"", "\"é\u{301}日本\u{1F600}\"", "\"\u{FEFF}\"", "\"\u{FFFE}\"", "\"/*\"", "\"'\"",
    ]

    static let invalid: [String] = [
        // No value, or more than one.
        "", " ", "1 1", "[][]", "{}{}", "null,", "1]", "]", "}", ",", ":", "\"a\"b", "[1]x", "{}#", "{\"a\":1}}",
        // Other white space than the four.
        "\u{B}1", "\u{C}1", "\u{A0}1", "1\u{85}", "[1\u{2028}]", "\u{FEFF}[]", "1\u{0}", "[\u{0}]",
        // Literals in other letters, or cut.
        "nul", "nulll", "True", "FALSE", "NULL", "tru", "fals", "undefined", "nan", "NaN", "Infinity", "-Infinity",
        "inf",
        // Objects.
        "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{,}", "{\"a\"}", "{\"a\":}", "{:1}", "{\"a\" 1}",
        "{\"a\"::1}",
        "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\",\"b\"}", "{a:1}",
        "{'a':1}",
        "{1:1}", "{null:1}", "{[]:1}", "{\"a\":1]", "{\"a\":[}", "{\"a\"=1}", "{{}}",
        // Arrays.
        "[", "[1", "[1,", "[,", "[,]", "[1,]", "[,1]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]", "[1}", "[\"a\":1]", "[[]",
        "[]]", "[1,\n", "[*]", "[a]", "[-]", "[\"",
        // Numbers.
        "+1", "-", "--1", "-+1", "01", "-01", "00", "1.", "-1.", ".1", "-.1", "1.e1", "1e", "1e+", "1e-", "1ee1",
        "1e1.5",
        "1e1e1", "0x1", "0b1", "1_000", "1,000", "1 000", "1a", "1.2.3", "1.-1", "1e 1", "- 1", "\u{FF11}", "\u{661}",
        "1f", "0.1.", "1/2", "0e", "1eE2", "-a", "-NaN",
        // Strings.
        "\"", "\"a", "'a'", "\"\\", "\"\\\"", "\"\\a\"", "\"\\x41\"", "\"\\0\"", "\"\\v\"", "\"\\'\"", "\"\\\n\"",
        "\"\\u\"",
        "\"\\u1\"", "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\U0041\"", "\"\\é\"",
        "\"\n\"", "\"\r\"", "\"\t\"", "\"\u{0}\"", "\"\u{1F}\"", "\"\\\u{0}\"", "`a`", "\u{201C}a\u{201D}", "\"a\"\"",
        // Comments, which the grammar does not have.
        "// a\n1", "/* a */1", "1//", "[1/**/]", "# a\n1",
    ]

    /// What RFC 8259 lets a reader do either way: what is read, with the value, or nil for what is refused.
    static let either: [(text: String, value: JSONValue?)] = [
        // §6: numbers beyond binary64 are refused rather than changed; those near zero become zero.
        ("1e309", nil), ("-1e309", nil), ("1e999999999999", nil), ("1e-999999999999", 0.0), ("-1e-400", -0.0),
        ("18446744073709551616", 18_446_744_073_709_551_616.0), ("0.1000000000000000055511151231257827", 0.1),
        // §4: names should be unique; two of the same have no meaning that all readers share.
        ("{\"a\":1,\"a\":1}", nil), ("{\"a\":1,\"\\u0061\":2}", nil), ("{\"a\":{\"b\":1,\"b\":2}}", nil),
        // §8.1: a byte order mark may be passed over or refused.
        ("\u{FEFF}1", nil),
        // §8.2: half a surrogate pair is no text.
        ("\"\\ud800\"", nil), ("\"\\udc00\"", nil), ("\"\\udc00\\ud800\"", nil), ("\"\\ud800x\"", nil),
        ("\"\\ud800\\n\"", nil), ("\"\\ud800\\ud800\"", nil), ("{\"\\udfff\":1}", nil),
        // Scalars that are no characters are text all the same.
        ("\"\\uffff\"", .string(String(decoding: [0xEF, 0xBF, 0xBF], as: UTF8.self))),
        // §9: how deep is the reader's to say.
        (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), nil),
    ]

    @Test("reads what must be read, and reads again what it wrote", arguments: valid)
    func mustBeRead(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test("refuses what must be refused", arguments: invalid)
    func mustBeRefused(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test("does what it says where the RFC leaves the choice", arguments: either.indices)
    func mayBeEither(index: Int) {
        #expect((try? JSONValue(parsing: Self.either[index].text)) == Self.either[index].value)
    }

    @Test(
        "refuses bytes that are no UTF-8, in values and in names",
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3],
            [0xF0, 0x9F, 0x98], [0xFE, 0xFF], [0xE9],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        let quoted = [0x22] + bytes + [0x22]
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: quoted) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x7B] + quoted + Array(":1}".utf8)) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0x5C, 0x6E] + bytes + [0x22]) }
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes + [0x31]) }
    }

    @Test(
        "refuses texts in UTF-16 and UTF-32",
        arguments: [[0x5B, 0, 0x5D, 0], [0, 0x31], [0x31, 0, 0, 0]] as [[UInt8]])
    func otherEncodings(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes) }
    }

    @Test("refuses every text cut short")
    func cut() {
        let text = Array(#"{"a":[1.5e3,"x\u00e9\n",null,true,{"b":"😀"}],"c":-0}"#.utf8)
        for end in 0..<text.count {
            #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: Array(text[..<end])) }
        }
    }

    @Test(
        "does not crash or hang on a hundred thousand of anything that opens",
        arguments: [
            "[", "{\"a\":", "[[],", "{\"a\":[", "[{\"\":", "\"\\u0041", "-", "1", "\\", "[\"", "{\"a\":{", ",", "0.",
        ])
    func masses(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let time = ContinuousClock().measure { _ = try? JSONValue(parsing: text) }
        #expect(time < .seconds(10))
    }

    @Test("takes time in proportion to a wide text")
    func wide() throws {
        let numbers = "[" + String(repeating: "1,", count: 500_000) + "1]"
        let names = "{" + (0..<100_000).map { "\"k\($0)\":[]" }.joined(separator: ",") + "}"
        let escapes = "\"" + String(repeating: "\\u00e9", count: 200_000) + "\""
        let digits = String(repeating: "9", count: 300)
        let clock = ContinuousClock()
        let start = clock.now
        #expect(try JSONValue(parsing: numbers).array?.count == 500_001)
        #expect(try JSONValue(parsing: names).object?.count == 100_000)
        #expect(try JSONValue(parsing: escapes).string?.unicodeScalars.count == 200_000)
        #expect(try JSONValue(parsing: digits).number != nil)
        #expect(clock.now - start < .seconds(60))
    }
}
