/// A body of known length whose parts can be asked for: a file, or pieces laid end to end.
public struct FileBody: Sendable {
    /// One piece.
    public enum Segment: Sendable {
        /// Bytes in memory.
        case bytes([UInt8])
        /// `length` bytes of a file from `offset`; it is opened when the response is sent and must be that long.
        case file(path: String, offset: Int, length: Int)
        /// The whole of a file, as long as it is when it is opened.
        case wholeFile(path: String)
    }

    /// The pieces in order.
    public var segments: [Segment]
    /// The media type.
    public var contentType: String
    /// A strong entity tag without its quotes, such as a digest; nil gives none.
    public var entityTag: String?
    /// The name under which to save (`Content-Disposition: attachment`); nil shows it in place.
    public var filename: String?
    /// Held until the files are opened, or will not be: who owns files that may go can remove them in its `deinit`.
    public var owner: (any AnyObject & Sendable)?

    /// A file by its path.
    public init(
        path: String, contentType: String = "application/octet-stream", entityTag: String? = nil,
        filename: String? = nil
    ) {
        self.init(
            segments: [.wholeFile(path: path)], contentType: contentType, entityTag: entityTag, filename: filename)
    }

    /// Pieces laid end to end, such as the headers and files of a tar archive.
    public init(
        segments: [Segment], contentType: String = "application/octet-stream", entityTag: String? = nil,
        filename: String? = nil, owner: (any AnyObject & Sendable)? = nil
    ) {
        self.segments = segments
        self.contentType = contentType
        self.entityTag = entityTag
        self.filename = filename
        self.owner = owner
    }
}
