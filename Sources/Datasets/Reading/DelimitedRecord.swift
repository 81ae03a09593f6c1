/// A record of a CSV or TSV file.
struct DelimitedRecord: Equatable {
    /// The line on which it begins.
    let line: Int
    let fields: [String]
}
