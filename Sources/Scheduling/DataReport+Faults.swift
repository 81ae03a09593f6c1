internal import FineTuning

extension DataReport {
    /// How many findings an error names.
    private static let namedFindings = 5

    /// The first errors in one sentence; nil where there are none.
    var faults: String? {
        if isValid { return nil }
        let listed = findings.filter { $0.severity == .error }.prefix(Self.namedFindings)
        let unnamed = errors - listed.count
        return listed.map { "\($0)" }.joined(separator: "; ") + (unnamed > 0 ? "; and \(unnamed) more errors" : "")
    }
}
