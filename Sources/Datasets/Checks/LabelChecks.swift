internal import FineTuning

/// What can be said of a file's labels only when all its rows are known.
struct LabelChecks {
    private(set) var findings: [Finding] = []
    private let field: String

    /// Labels whose largest has so many times the examples of the smallest are told to be out of balance.
    private static let imbalance = 10

    /// - Parameters:
    ///   - counts: of rows, by label.
    ///   - rows: rows, or words, in all.
    ///   - severalAllowed: whether a row may have any number of labels.
    ///   - isTagged: whether words have tags, most of them `O`.
    init(_ labels: LabelSet, counts: [Int], rows: Int, severalAllowed: Bool, isTagged: Bool, field: String) {
        self.field = field
        guard rows > 0 else { return }
        let present = counts.count { $0 > 0 }
        guard present >= (severalAllowed ? 1 : 2) else {
            let only = labels.names.enumerated().first { counts[$0.offset] > 0 }?.element ?? ""
            let (all, what) = isTagged ? ("words have the tag", "tags") : ("rows have the label", "labels")
            findings.append(
                severalAllowed
                    ? Finding(.error, field: field, reason: "no row has a label", fix: "give some rows labels")
                    : Finding(
                        .error, field: field, reason: "all \(all) \"\(only.prefix(60))\"",
                        fix: "give examples of at least 2 \(what)"))
            return
        }
        if !labels.isGiven, labels.names.count > 20, labels.names.count * 2 > rows {
            findings.append(
                Finding(
                    .warning, field: field, reason: "\(rows) rows have \(labels.names.count) different labels",
                    fix: "check that data.fields names the labels' field, not a text"))
        }
        // Some tags, as I- of entities of one word, are rightly rare.
        guard !isTagged else { return }
        warn(labels, where: counts.map { $0 == 0 }, "no example", "add some, or shorten task.labels")
        warn(labels, where: counts.map { $0 == 1 }, "one example only", "add more of them")
        if severalAllowed {
            warn(labels, where: counts.map { $0 == rows }, "every row has", "a label that all have teaches nothing")
        }
        checkBalance(labels, counts: counts)
    }

    /// The finding about a file with more labels than there may be.
    static func overfull(field: String) -> Finding {
        Finding(
            .error, field: field, reason: "there are more than \(LabelSet.limit) labels",
            fix: "check that data.fields names the labels' field, not a text")
    }

    private mutating func warn(_ labels: LabelSet, where isMeant: [Bool], _ state: String, _ fix: String) {
        let names = zip(labels.names, isMeant).filter(\.1).map { "\"\($0.0.prefix(60))\"" }
        guard !names.isEmpty else { return }
        let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
        let noun = "the label\(names.count > 1 ? "s" : "")"
        findings.append(
            Finding(
                .warning, field: field,
                reason: "\(state) \(state.hasSuffix("has") ? "" : "of ")\(noun) \(shown)", fix: fix))
    }

    private mutating func checkBalance(_ labels: LabelSet, counts: [Int]) {
        let pairs = zip(labels.names, counts).filter { $0.1 > 0 }
        guard let most = pairs.max(by: { $0.1 < $1.1 }), let least = pairs.min(by: { $0.1 < $1.1 }),
            most.1 >= least.1 * Self.imbalance
        else { return }
        findings.append(
            Finding(
                .warning, field: field,
                reason: "the labels are out of balance: \"\(most.0.prefix(60))\" has \(most.1) examples, "
                    + "\"\(least.0.prefix(60))\" has \(least.1)",
                fix: "add examples of the rare labels, or set data.class_weights or data.oversample to \"balanced\"; "
                    + "look at macro F1 rather than accuracy"))
    }
}
