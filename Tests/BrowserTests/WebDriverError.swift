/// What went wrong between a test and the browser.
enum WebDriverError: Error, CustomStringConvertible {
    /// chromedriver or the browser could not be started.
    case notStarted(String)
    /// The browser refused a command.
    case refused(command: String, error: String, message: String)
    /// What a test waited for did not come.
    case timedOut(condition: String, page: String)

    var description: String {
        switch self {
        case .notStarted(let reason): "the browser did not start: \(reason)"
        case .refused(let command, let error, let message): "\(command): \(error): \(message)"
        case .timedOut(let condition, let page):
            "waited in vain for \(condition); the page says: \(page.prefix(2000))"
        }
    }
}
