/// A command line that makes no sense.
struct UsageError: Error, CustomStringConvertible {
    let description: String
}
