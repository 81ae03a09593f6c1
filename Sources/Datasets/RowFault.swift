internal import FineTuning

/// What is wrong with one row.
struct RowFault: Error, Equatable {
    let line: Int
    var field: String?
    let reason: String
    let fix: String

    /// The fault as a finding that training is refused for.
    var finding: Finding { Finding(.error, line: line, field: field, reason: reason, fix: fix) }
}
