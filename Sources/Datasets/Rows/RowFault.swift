internal import FineTuning

/// What is wrong with one row.
struct RowFault: Error, Equatable {
    /// Faults that tend to be in every line of a file.
    enum Kind: Equatable {
        case ordinary
        /// The line is not UTF-8.
        case encoding
    }

    var kind: Kind = .ordinary
    /// Nil where it is about the whole file.
    let line: Int?
    var field: String?
    let reason: String
    let fix: String

    init(_ kind: Kind = .ordinary, line: Int?, field: String? = nil, reason: String, fix: String) {
        self.kind = kind
        self.line = line
        self.field = field
        self.reason = reason
        self.fix = fix
    }

    /// The fault as a finding that training is refused for.
    var finding: Finding { Finding(.error, line: line, field: field, reason: reason, fix: fix) }
}
