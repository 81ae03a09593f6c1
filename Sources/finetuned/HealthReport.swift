/// What `finetuned doctor` finds, told line by line.
struct HealthReport {
    /// How a finding is meant.
    enum Verdict: String {
        case good = "✓"
        case notice = "!"
        case fault = "✗"
    }

    /// Whether there was no fault so far.
    private(set) var isHealthy = true

    /// Tells a finding.
    ///
    /// - Parameters:
    ///   - subject: one word or two.
    ///   - text: what was found and, where it is not good, what to do.
    mutating func tell(_ verdict: Verdict, _ subject: String, _ text: String) {
        if verdict == .fault { isHealthy = false }
        let padding = String(repeating: " ", count: max(1, 12 - subject.count))
        Console.print("\(verdict.rawValue) \(subject)\(padding)\(text)\n")
    }
}
