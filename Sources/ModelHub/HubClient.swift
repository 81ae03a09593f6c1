internal import Foundation
internal import FoundationNetworking
internal import JSON

/// Speaks the HTTP API of a hub: lists a repository and fetches its files.
///
/// The API is that of the Hugging Face hub: `GET /api/models/ORG/NAME/tree/REVISION?recursive=true` and
/// `GET /ORG/NAME/resolve/REVISION/PATH`.
struct HubClient: Sendable {
    /// The hub's address, without a slash at its end.
    let endpoint: String
    /// Seconds of silence after which a request has failed.
    let timeout: Double
    /// Where it may send on to.
    let redirects: HubRedirects

    /// Pages of a listing that are read at most, of a thousand files each.
    private static let maximumPages = 20
    private static let maximumListingBytes = 16 << 20

    init(endpoint: String, timeout: Double, isPrivate: Bool? = nil) throws(PullError) {
        let trimmed = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        guard let url = URL(string: trimmed), ["http", "https"].contains(url.scheme), url.host != nil else {
            throw .malformedEndpoint(endpoint)
        }
        self.endpoint = trimmed
        self.timeout = timeout
        redirects = HubRedirects(endpoint: url, isPrivate: isPrivate)
    }

    /// All files of a repository.
    func files(of repository: HubRepository) async throws -> [ModelFile] {
        var address: String? =
            "\(endpoint)/api/models/\(repository)/tree/\(Self.escaped(repository.revision))?recursive=true"
        var files: [ModelFile] = []
        for _ in 0..<Self.maximumPages {
            guard let current = address else { return files }
            let (bytes, next) = try await page(current)
            do {
                for entry in try JSONCursor(JSONValue(parsing: bytes)).elements() {
                    if let file = try ModelFile(entry) { files.append(file) }
                }
            } catch {
                throw PullError.malformedAnswer(url: current, reason: "\(error)")
            }
            address = next
        }
        throw PullError.malformedAnswer(url: address ?? endpoint, reason: "the listing does not end")
    }

    /// The address of a file's content.
    func address(of file: ModelFile, in repository: HubRepository) -> String {
        let path = file.path.split(separator: "/").map { Self.escaped(String($0)) }.joined(separator: "/")
        return "\(endpoint)/\(repository)/resolve/\(Self.escaped(repository.revision))/\(path)"
    }

    /// One page of a listing, and the address of the next (RFC 8288).
    private func page(_ address: String) async throws -> (bytes: [UInt8], next: String?) {
        let request = try request(address)
        let page = PageRequest(redirects: redirects, maximumBytes: Self.maximumListingBytes)
        let (bytes, answer) = try await page.run(request)
        guard let answer, answer.statusCode == 200 else {
            throw PullError.refused(url: address, status: answer?.statusCode ?? 0)
        }
        guard bytes.count <= Self.maximumListingBytes else {
            throw PullError.malformedAnswer(url: address, reason: "it is longer than \(Self.maximumListingBytes) bytes")
        }
        return (bytes, next(in: answer.value(forHTTPHeaderField: "Link")))
    }

    private func next(in links: String?) -> String? {
        for link in (links ?? "").split(separator: ",") where link.contains("rel=\"next\"") {
            guard let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end else {
                continue
            }
            let target = String(link[link.index(after: start)..<end])
            // Only the configured hub is asked, whatever a listing says.
            if target.hasPrefix("/") { return endpoint + target }
            if target.hasPrefix(endpoint + "/") { return target }
        }
        return nil
    }

    /// A GET request.
    func request(_ address: String) throws(PullError) -> URLRequest {
        guard let url = URL(string: address) else { throw .malformedEndpoint(address) }
        var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: timeout)
        request.setValue("finetuned", forHTTPHeaderField: "User-Agent")
        return request
    }

    /// Percent-encodes a segment; a slash becomes `%2F`.
    private static func escaped(_ segment: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")
        return segment.addingPercentEncoding(withAllowedCharacters: plain) ?? segment
    }
}
