import JSON
import Testing

@Suite("JSON that is written")
struct JSONEncodingTests {
    @Test("escapes what must be escaped, and nothing else")
    func escapes() {
        let value = JSONValue.string("\"\\\n\r\t\u{1}\u{1F}\u{7F}é😀/ end")
        #expect(value.text == #""\"\\\n\r\t\u0001\u001f\u007fé😀/ end""#)
        #expect(JSONValue.string("").text == "\"\"")
        #expect(JSONValue.string("\n").text == #""\n""#)
    }

    @Test("holds every character so that it comes back, and no control character as it is")
    func characters() throws {
        for scalar in (UInt32(0)...0x2FF).compactMap(Unicode.Scalar.init) {
            for text in ["\(scalar)", "before \(scalar)", "\(scalar) behind", "a\(scalar)\(scalar)b"] {
                let written = JSONValue.string(text).text
                #expect(try JSONValue(parsing: written) == .string(text))
                #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
            }
        }
    }

    @Test("has the shortest digits of a number that give it back")
    func numbers() {
        #expect(
            JSONValue.array([0.1, 1e300, -2.5, 3, JSONValue(Float(0.1)), .number(.infinity)]).text
                == "[0.1,1e+300,-2.5,3,0.1,null]")
    }
}
