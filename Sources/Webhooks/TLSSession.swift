internal import CTLS
internal import POSIX

/// A TLS connection (version 1.2 or later) to a host that proves its name by a certificate which this system trusts.
final class TLSSession {
    private let session: OpaquePointer
    /// Waits until the socket is ready, or throws.
    private let wait: (Socket.Readiness) throws -> Void

    /// Shakes hands over a connected, non-blocking socket, which outlives this object.
    ///
    /// - Throws: ``WebhookError/unreachable(reason:)``, and what `wait` throws.
    init(_ socket: Int32, host: String, wait: @escaping (Socket.Readiness) throws -> Void) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else {
            throw WebhookError.unreachable(reason: "TLS cannot be begun: \(Self.lastError)")
        }
        // Sessions take over what their context knows when they are made, and hold on to it.
        defer { SSL_CTX_free(context) }
        guard tls_set_minimum_version(context) == 1, SSL_CTX_set_default_verify_paths(context) == 1,
            let session = SSL_new(context)
        else { throw WebhookError.unreachable(reason: "TLS cannot be begun: \(Self.lastError)") }
        self.session = session
        self.wait = wait
        SSL_set_verify(session, SSL_VERIFY_PEER, nil)
        // An address in the certificate, or else a name, which is asked for too (RFC 6066 has no addresses there).
        let isNamed =
            X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host) == 1
            || SSL_set1_host(session, host) == 1 && tls_set_server_name(session, host) == 1
        guard isNamed, SSL_set_fd(session, socket) == 1 else {
            throw WebhookError.unreachable(reason: "TLS cannot be begun with \(host): \(Self.lastError)")
        }
        guard try step({ SSL_connect($0) }) > 0 else { throw WebhookError.unreachable(reason: "\(host) hung up") }
    }

    deinit { SSL_free(session) }

    /// Writes at least one byte.
    func write(_ bytes: ArraySlice<UInt8>) throws -> Int {
        Int(try bytes.withUnsafeBytes { buffer in try step { SSL_write($0, buffer.baseAddress, Int32(buffer.count)) } })
    }

    /// Reads what comes next; nothing at the end.
    func read(upTo count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { buffer in
            try step { SSL_read($0, buffer.baseAddress, Int32(buffer.count)) }
        }
        return Array(bytes.prefix(Int(read)))
    }

    /// Does a step as often as it takes.
    ///
    /// - Returns: what the step does; 0 at the end of the connection.
    private func step(_ body: (OpaquePointer) -> Int32) throws -> Int32 {
        while true {
            ERR_clear_error()
            let result = body(session)
            if result > 0 { return result }
            switch SSL_get_error(session, result) {
            case SSL_ERROR_WANT_READ: try wait(.reading)
            case SSL_ERROR_WANT_WRITE: try wait(.writing)
            case SSL_ERROR_ZERO_RETURN: return 0
            default: throw WebhookError.unreachable(reason: "TLS failed: \(failure)")
            }
        }
    }

    /// Why the certificate is not trusted, or what the library says.
    private var failure: String {
        let code = SSL_get_verify_result(session)
        if code != X509_V_OK { return String(cString: X509_verify_cert_error_string(code)) }
        return Self.lastError
    }

    private static var lastError: String {
        let code = ERR_get_error()
        guard code != 0 else { return "the connection broke off" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
