internal import FineTuning
internal import JSON

/// Makes rows of JSON lines: `{"text", "label"}`, `{"text", "text_pair", "label"}`, or the `{"messages": […]}` of chat
/// files, where the user's messages are the text and the assistant's last one is the label.
struct JSONLineParser {
    let mapping: RowMapping

    /// The row that a line holds.
    func row(_ line: SourceLine) throws(RowFault) -> TextRow {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line.bytes)
        } catch {
            throw syntaxFault(line, error)
        }
        guard case .object(let object) = value else {
            let fix =
                line.number == 1 && value.array != nil
                ? "write one object a line, without the array around them" : #"write {"text": "…", "label": "…"}"#
            throw RowFault(line: line.number, reason: "expected an object, got \(value.kind)", fix: fix)
        }
        if object[mapping.fields.text] == nil, let messages = object["messages"] {
            return try conversation(messages, line: line.number)
        }
        return try mapping.row(
            line: line.number, text: FieldValue(text: object[mapping.fields.text]),
            textPair: FieldValue(text: object[mapping.textPairName]),
            label: FieldValue(label: object[mapping.fields.label]), names: object.names)
    }

    private func syntaxFault(_ line: SourceLine, _ error: JSONSyntaxError) -> RowFault {
        let first = line.bytes.first { $0 != 0x20 && $0 != 0x09 }
        let fix =
            switch first {
            case UInt8(ascii: "[") where line.number == 1: "write one object a line, without the array around them"
            case UInt8(ascii: "{"): "put each object on one line, with names and strings in double quotes"
            default: "write one JSON object a line; name CSV files .csv and tab-separated files .tsv"
            }
        return RowFault(
            line: line.number, reason: "not valid JSON: \(error.reason) at byte \(error.offset + 1) of the line",
            fix: fix)
    }

    private func conversation(_ messages: JSONValue, line: Int) throws(RowFault) -> TextRow {
        guard case .array(let turns) = messages else {
            throw RowFault(
                line: line, field: "messages", reason: "expected an array, got \(messages.kind)",
                fix: #"write [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]"#)
        }
        var texts: [String] = []
        var label: FieldValue = .absent
        for turn in turns {
            switch turn["role"] {
            case .string("user")?: texts.append(try content(turn, line: line))
            case .string("assistant")?: label = .text(try content(turn, line: line))
            default: continue
            }
        }
        let roles = turns.compactMap { $0["role"]?.string }
        guard !texts.isEmpty, case .text = label else {
            throw RowFault(
                line: line, field: "messages",
                reason: "the roles are \(roles.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", "))",
                fix: "give a message of \"user\", the text, and one of \"assistant\", the label")
        }
        return try mapping.row(
            line: line, text: .text(texts.joined(separator: "\n")), textPair: .absent, label: label, names: ["messages"]
        )
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
