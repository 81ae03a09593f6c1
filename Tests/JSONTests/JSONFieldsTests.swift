import JSON
import Testing

@Suite("Reading fields")
struct JSONFieldsTests {
    @Test("names the nearest known field")
    func nearest() throws {
        var fields = try JSONCursor(["learning_rat": 1], path: "strategy").fields()
        _ = fields.optional("learning_rate")
        _ = fields.optional("schedule")
        let fault = #expect(throws: JSONFault.self) { try fields.finish() }
        #expect(fault?.path == "strategy.learning_rat")
        #expect(fault?.message == "unknown field \"learning_rat\"; did you mean \"learning_rate\"?")
    }

    @Test("lists the known fields where none is near")
    func noneNear() throws {
        var fields = try JSONCursor(["colour": 1]).fields()
        _ = fields.optional("type")
        #expect(throws: JSONFault(.unknown, path: "colour", "unknown field \"colour\"; known here: type")) {
            try fields.finish()
        }
    }

    @Test("says what it expected and what it got")
    func types() throws {
        let cursor = JSONCursor("fast", path: "seed")
        #expect(throws: JSONFault(.type, path: "seed", "expected a whole number, got a string")) {
            try cursor.integer()
        }
        #expect(throws: JSONFault(.value, path: "seed", "7 is out of range: expected 0 to 5")) {
            try JSONCursor(7, path: "seed").integer(in: 0...5)
        }
    }

    @Test("asks for what is required")
    func required() throws {
        var fields = try JSONCursor(["model": nil]).fields()
        #expect(throws: JSONFault(.missing, path: "model", "this field is required")) { try fields.required("model") }
    }
}
