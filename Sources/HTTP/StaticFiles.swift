import Glibc
import POSIX
import Synchronization

/// Serves the files of a directory: index pages, media types, ETag and 304, gzip for text, nothing that begins with a
/// dot and nothing outside. The handler is prompt (see `Router.add`).
public final class StaticFiles: Sendable {
    /// The directory.
    public let directory: String
    private let headers: Headers
    private let cache = Mutex<[String: Entry]>([:])

    /// A file as it was read, good for as long as its time, size and number stay.
    private struct Entry: Sendable {
        let version: Version
        let bytes: [UInt8]
        let gzip: [UInt8]?
    }

    private struct Version: Hashable, Sendable {
        let seconds: Int
        let nanoseconds: Int
        let size: Int
        let inode: UInt64

        var entityTag: String {
            String(UInt64(seconds) &* 1_000_000_007 ^ UInt64(nanoseconds), radix: 36) + "-" + String(size, radix: 36)
                + "-" + String(inode, radix: 36)
        }
    }

    /// Files up to this size are kept in memory; larger ones are sent from the disk, uncompressed. Bytes.
    private static let cachedSize = 2 << 20
    /// How many files are kept.
    private static let cachedCount = 256

    /// What every file is served with: no guessing of types, no scripts but the site's own, no framing.
    public static let secureHeaders: Headers = [
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy":
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-cache",
    ]

    /// Serves a directory.
    ///
    /// - Parameter headers: added to every answer.
    public init(directory: String, headers: Headers = StaticFiles.secureHeaders) {
        self.directory = directory
        self.headers = headers
    }

    /// A handler for a route with a tail, such as `/{path...}`.
    public var handler: Handler {
        { [self] request in try await respond(to: request, segments: request.tail) }
    }

    /// Answers with the file that decoded segments name.
    ///
    /// - Throws: `HTTPError` 404.
    public func respond(to request: Request, segments: [String]) async throws -> Response {
        let missing = HTTPError.notFound("there is nothing at this path")
        var segments = segments
        if segments.isEmpty || segments.last == "" { segments = segments.dropLast() + ["index.html"] }
        for segment in segments {
            // A slash inside comes from %2F. `.` and `..` begin with a dot like every hidden file.
            if segment.isEmpty || segment.hasPrefix(".") || segment.utf8.contains(UInt8(ascii: "/")) { throw missing }
        }
        let path = "\(directory)/\(segments.joined(separator: "/"))"
        // The last component may not be a link: what is published lies in the directory itself.
        let raw = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard raw >= 0 else { throw missing }
        let descriptor = FileDescriptor(owning: raw)
        let status = try descriptor.status()
        if status.st_mode & S_IFMT == S_IFDIR { return try redirect(request, missing) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw missing }
        let version = Version(
            seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec, size: Int(status.st_size),
            inode: UInt64(status.st_ino))
        let type = MediaType.ofFile(segments[segments.count - 1])
        guard version.size <= Self.cachedSize else {
            return .file(FileBody(path: path, contentType: type, entityTag: version.entityTag), headers: headers)
        }
        if let entry = cache.withLock({ $0[path] }), entry.version == version { return response(entry, type, request) }
        return response(try await read(path, version, descriptor, type), type, request)
    }

    /// A directory without its slash: relative links of its index page would miss.
    private func redirect(_ request: Request, _ missing: HTTPError) throws -> Response {
        let path = request.rawTarget.prefix { $0 != "?" }
        // `//host/` would be a reference to another host.
        guard path.hasPrefix("/"), !path.hasPrefix("//"), !path.hasSuffix("/") else { throw missing }
        return Response(.permanentRedirect, headers: ["Location": "\(path)/"])
    }

    private func response(_ entry: Entry, _ type: String, _ request: Request) -> Response {
        var tag = entry.version.entityTag
        var bytes = entry.bytes
        var headers = headers
        if let gzip = entry.gzip {
            headers.append("Vary", "Accept-Encoding")
            // A range is of the plain file, so that it means the same to everyone.
            if ContentCoding.acceptsGzip(request.headers.values("Accept-Encoding")), !request.headers.contains("Range")
            {
                headers.append("Content-Encoding", "gzip")
                // Another representation has another tag (RFC 9110 §8.8.3.3).
                tag += "-gzip"
                bytes = gzip
            }
        }
        return .file(FileBody(segments: [.bytes(bytes)], contentType: type, entityTag: tag), headers: headers)
    }

    /// Reads and compresses a file, once for as long as it stays, on a thread of its own: the handler may run on an
    /// event loop's.
    private func read(
        _ path: String, _ version: Version, _ descriptor: consuming FileDescriptor, _ type: String
    ) async throws -> Entry {
        let raw = descriptor.release()
        let entry = try await withCheckedThrowingContinuation { continuation in
            PlatformThread.detach(name: "static file") {
                continuation.resume(
                    with: Result {
                        let bytes = try FileDescriptor(owning: raw).readToEnd()
                        let isText = MediaType.isCompressible(type) && bytes.count >= 512
                        let gzip = isText ? ContentCoding.gzip(bytes, level: 9) : nil
                        return Entry(version: version, bytes: bytes, gzip: gzip)
                    })
            }
        }
        cache.withLock { cache in
            if cache.count >= Self.cachedCount { cache.removeAll() }
            cache[path] = entry
        }
        return entry
    }
}
