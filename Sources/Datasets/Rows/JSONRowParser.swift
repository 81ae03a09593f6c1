internal import FineTuning
internal import JSON

/// Makes rows of JSON objects: with the fields of the task, or, where a label is learnt, the `{"messages": […]}` of chat
/// files, in which the user's messages are the text and the assistant's last one is the label.
struct JSONRowParser: Sendable {
    let mapping: RowMapping
    /// Whether the objects are lines; else they are elements of an array.
    let isLines: Bool

    private struct Object: RowMapping.Lookup {
        let object: JSONObject
        let fields: FieldNames

        func value(of role: FieldRole) -> FieldValue { FieldValue(object[fields[role]]) }
        var names: [String] { object.names }
    }

    /// The row that an object's text holds.
    ///
    /// - Parameter bytes: valid UTF-8.
    func row(line: Int, _ bytes: [UInt8]) throws(RowFault) -> Row {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw syntaxFault(line, bytes, error)
        }
        guard case .object(let object) = value else {
            throw RowFault(
                line: line, reason: "expected an object, got \(value.kind)",
                fix: "write \(mapping.shape.example(mapping.fields))")
        }
        if mapping.shape == .labelled(several: false), object[mapping.fields.text] == nil,
            let messages = object["messages"]
        {
            return try conversation(messages, line: line)
        }
        return try mapping.row(line: line, Object(object: object, fields: mapping.fields))
    }

    private func syntaxFault(_ line: Int, _ bytes: [UInt8], _ error: JSONSyntaxError) -> RowFault {
        let first = bytes.first { $0 != 0x20 && $0 != 0x09 }
        let fix =
            switch first {
            case _ where !isLines: "correct it, or write one object a line and name the file .jsonl"
            case UInt8(ascii: "{"): "put each object on one line, with names and strings in double quotes"
            default: "write one JSON object a line; name CSV files .csv and tab-separated files .tsv"
            }
        // An element of an array may stand on several lines.
        let before = bytes[..<min(error.offset, bytes.count)]
        let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let place = isLines || start > 0 ? "line" : "element"
        return RowFault(
            line: line + before.count { $0 == 0x0A },
            reason: "not valid JSON: \(error.reason) at byte \(error.offset - start + 1) of the \(place)", fix: fix)
    }

    private func conversation(_ messages: JSONValue, line: Int) throws(RowFault) -> Row {
        guard case .array(let turns) = messages else {
            throw RowFault(
                line: line, field: "messages", reason: "expected an array, got \(messages.kind)",
                fix: #"write [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]"#)
        }
        var texts: [String] = []
        var label: String?
        for turn in turns {
            switch turn["role"] {
            case .string("user")?: texts.append(try content(turn, line: line))
            case .string("assistant")?: label = try content(turn, line: line)
            default: continue
            }
        }
        let roles = turns.compactMap { $0["role"]?.string }
        guard !texts.isEmpty, let label else {
            throw RowFault(
                line: line, field: "messages",
                reason: "the roles are \(roles.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", "))",
                fix: "give a message of \"user\", the text, and one of \"assistant\", the label")
        }
        return try mapping.row(line: line, Conversation(text: texts.joined(separator: "\n"), label: label))
    }

    private struct Conversation: RowMapping.Lookup {
        let text: String
        let label: String

        func value(of role: FieldRole) -> FieldValue {
            switch role {
            case .text: .column(text)
            case .label: .column(label)
            default: .absent
            }
        }
        var names: [String] { ["messages"] }
    }

    /// A message's text: a string, or the text parts of an array.
    private func content(_ turn: JSONValue, line: Int) throws(RowFault) -> String {
        switch turn["content"] {
        case .string(let text)?: return text
        case .array(let parts)?: return parts.compactMap { $0["text"]?.string }.joined(separator: "\n")
        default:
            throw RowFault(
                line: line, field: "messages", reason: "a message has no content", fix: "give its content as a string")
        }
    }
}
