import Foundation
import JSON
import Testing

/// A job that the documentation shows, with the sample file that it trains on.
struct DocumentedJob: Sendable, CustomTestStringConvertible {
    /// The page, such as `layers.html`.
    let page: String
    /// Its place on the page, from 1.
    let place: Int
    /// The name of a file of `public/samples/`.
    let sample: String
    /// The request, with `file-…` for the id of the file.
    let text: String

    var testDescription: String { "\(page), job \(place)" }

    /// The request for a model and a file.
    func request(model: String, file: String) throws -> JSONValue {
        var object = try JSONValue(parsing: [UInt8](text.utf8)).object ?? JSONObject()
        object["model"] = .string(model)
        object["training_file"] = .string(file)
        return .object(object)
    }

    /// Every job of every page of `public/docs/`.
    static let all: [DocumentedJob] = {
        let folder = "\(DashboardServer.root)/public/docs"
        let pages = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return pages.filter { $0.hasSuffix(".html") }.sorted().flatMap { page in
            jobs(of: page, html: (try? String(contentsOfFile: "\(folder)/\(page)", encoding: .utf8)) ?? "")
        }
    }()

    private static func jobs(of page: String, html: String) -> [DocumentedJob] {
        html.components(separatedBy: "data-job data-file=\"").dropFirst().enumerated().compactMap { index, part in
            guard let sample = part.components(separatedBy: "\"").first,
                let code = part.components(separatedBy: "<code>").dropFirst().first?.components(separatedBy: "</code>")
                    .first
            else { return nil }
            let text = code.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
                .replacingOccurrences(of: "&amp;", with: "&")
            return DocumentedJob(page: page, place: index + 1, sample: sample, text: text)
        }
    }
}
