import CZlib

extension Response {
    /// The version of zlib, which compresses bodies.
    public static var compressionVersion: String { String(cString: zlibVersion()) }
}
