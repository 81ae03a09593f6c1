import CLinux
import Glibc

extension SocketAddress {
    /// A host's name for which there is no address.
    public struct LookupError: Error, Hashable, Sendable, CustomStringConvertible {
        /// The name.
        public let host: String
        /// The system's own words.
        public let reason: String

        /// What is wrong.
        public var description: String { "the address of \(host) cannot be found: \(reason)" }
    }

    /// All addresses of a host, by the system's resolver; blocks its thread for as long as that takes.
    ///
    /// - Parameter host: a name, or an address, also in the brackets of a URL.
    /// - Returns: at least one.
    public static func lookUp(host: String, port: UInt16) throws(LookupError) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        let code = getaddrinfo(isBracketed ? String(host.dropFirst().dropLast()) : host, nil, &hints, &list)
        guard code == 0 else { throw LookupError(host: host, reason: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            let information = entry.pointee
            let (_, found) = fromSystem { storage, size in
                size.pointee = min(information.ai_addrlen, size.pointee)
                memcpy(storage, information.ai_addr, Int(size.pointee))
                return 0
            }
            if let found { addresses.append(SocketAddress(bytes: found.bytes, port: port)) }
            next = information.ai_next
        }
        guard !addresses.isEmpty else { throw LookupError(host: host, reason: "it has none of IPv4 or IPv6") }
        return addresses
    }
}
