import Glibc

/// An IPv4 or IPv6 address with a port.
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// A text that is no numeric address.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        /// The text.
        public let text: String

        /// What is wrong and what would be right.
        public var description: String {
            "\"\(text)\" is not a numeric address with a port: write 127.0.0.1:8080 or [::1]:8080"
        }
    }

    /// The address in network byte order: 4 bytes of IPv4 or 16 of IPv6.
    public let bytes: [UInt8]
    /// The port.
    public let port: UInt16

    /// An address from its bytes in network order.
    public init(bytes: [UInt8], port: UInt16) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address has 4 or 16 bytes")
        self.bytes = bytes
        self.port = port
    }

    /// 127.0.0.1 with a port; 0 lets the system choose one.
    public static func loopback(port: UInt16 = 0) -> SocketAddress {
        SocketAddress(bytes: [127, 0, 0, 1], port: port)
    }

    /// Reads `127.0.0.1:8080` or `[::1]:8080`. Names are not looked up, except `localhost`.
    public init(parsing text: String) throws(ParseError) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ParseError(text: text)
        }
        var host = String(text[..<colon])
        if host == "localhost" { host = "127.0.0.1" }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            var address = in6_addr()
            guard inet_pton(AF_INET6, host, &address) == 1 else { throw ParseError(text: text) }
            self.init(bytes: withUnsafeBytes(of: address) { [UInt8]($0) }, port: port)
        } else {
            var address = in_addr()
            guard inet_pton(AF_INET, host, &address) == 1 else { throw ParseError(text: text) }
            self.init(bytes: withUnsafeBytes(of: address) { [UInt8]($0) }, port: port)
        }
    }

    /// Whether this is IPv6.
    public var isIPv6: Bool { bytes.count == 16 }

    /// Whether the address is of this machine only: 127.0.0.0/8, ::1, or the former mapped into IPv6.
    public var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        if isMapped { return bytes[12] == 127 }
        return bytes[0..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    /// The address without its port.
    public var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    /// `127.0.0.1:8080` or `[::1]:8080`.
    public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension SocketAddress {
    /// The address in a system structure.
    func withSystemAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let size: Int
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
            size = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in6.self) }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
            size = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: address, as: sockaddr_in.self) }
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(size)) }
        }
    }

    /// The address that `fill` writes, or nil where it fails or writes another family.
    static func fromSystem(
        _ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> (result: Int32, address: SocketAddress?) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { fill($0, &size) }
        }
        guard result >= 0 else { return (result, nil) }
        let address: SocketAddress? = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let system = bytes.load(as: sockaddr_in.self)
                return SocketAddress(
                    bytes: withUnsafeBytes(of: system.sin_addr) { [UInt8]($0) },
                    port: UInt16(bigEndian: system.sin_port))
            case AF_INET6:
                let system = bytes.load(as: sockaddr_in6.self)
                return SocketAddress(
                    bytes: withUnsafeBytes(of: system.sin6_addr) { [UInt8]($0) },
                    port: UInt16(bigEndian: system.sin6_port))
            default: return nil
            }
        }
        return (result, address)
    }
}
