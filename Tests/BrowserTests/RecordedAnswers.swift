import Foundation
import JSON

/// What an API answered about jobs of every kind, by method and path, for pages whose look depends on more than a small
/// run gives.
enum RecordedAnswers {
    /// All of `Fixtures/recorded-answers.json`.
    static func all() throws -> JSONValue {
        let path = "\(DashboardServer.root)/Tests/BrowserTests/Fixtures/recorded-answers.json"
        return try JSONValue(parsing: [UInt8](Data(contentsOf: URL(filePath: path))))
    }
}
