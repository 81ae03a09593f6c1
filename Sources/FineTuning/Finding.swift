public import JSON

/// Something about a data file that a person should know: an error must be mended before training.
public struct Finding: Sendable, Hashable, JSONRepresentable {
    /// How serious a finding is.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Training is refused until it is mended.
        case error
        /// Training goes on.
        case warning
    }

    /// How serious it is.
    public var severity: Severity
    /// The line, from 1; nil where it is about the whole file.
    public var line: Int?
    /// The field, where it is about one.
    public var field: String?
    /// What is wrong.
    public var reason: String
    /// What would be right.
    public var fix: String

    /// A finding.
    public init(_ severity: Severity, line: Int? = nil, field: String? = nil, reason: String, fix: String) {
        self.severity = severity
        self.line = line
        self.field = field
        self.reason = reason
        self.fix = fix
    }

    /// Reads what ``json`` wrote.
    public init(_ cursor: JSONCursor) throws(JSONFault) {
        var fields = try cursor.fields()
        severity = try fields.required("severity").choice()
        line = try fields.optional("line")?.integer(in: 1...Int.max)
        field = try fields.optional("field")?.string()
        reason = try fields.required("reason").string()
        fix = try fields.required("fix").string()
        try fields.finish()
    }

    /// The finding as JSON.
    public var json: JSONValue {
        [
            "severity": .string(severity.rawValue), "line": JSONValue(line) { JSONValue($0) },
            "field": JSONValue(field) { .string($0) }, "reason": .string(reason), "fix": .string(fix),
        ]
    }
}

extension Finding: CustomStringConvertible {
    /// `line 17, field "label": the label is empty; give every line a label`
    public var description: String {
        let place = [line.map { "line \($0)" }, field.map { "field \"\($0)\"" }].compactMap { $0 }
        return (place.isEmpty ? "" : place.joined(separator: ", ") + ": ") + "\(reason); \(fix)"
    }
}
