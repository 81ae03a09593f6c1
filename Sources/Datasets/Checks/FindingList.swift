internal import FineTuning

/// The findings about a file: all are counted, the first are kept.
struct FindingList {
    /// The most findings that are kept.
    let limit: Int
    private(set) var errorCount = 0
    private(set) var warningCount = 0
    private var errors: [Finding] = []
    private var warnings: [Finding] = []

    init(limit: Int = 100) { self.limit = limit }

    mutating func append(_ finding: Finding) {
        switch finding.severity {
        case .error:
            errorCount += 1
            if errors.count < limit { errors.append(finding) }
        case .warning:
            warningCount += 1
            if warnings.count < limit { warnings.append(finding) }
        }
    }

    /// Appends the findings of another file, each told to be about it.
    mutating func append(contentsOf other: FindingList, about file: String) {
        errorCount += other.errorCount - other.errors.count
        warningCount += other.warningCount - other.warnings.count
        for var finding in other.errors + other.warnings {
            finding.reason = "\(file): \(finding.reason)"
            append(finding)
        }
    }

    /// The kept findings: errors before warnings, each in the order they were found.
    var kept: [Finding] { Array((errors + warnings).prefix(limit)) }
}
